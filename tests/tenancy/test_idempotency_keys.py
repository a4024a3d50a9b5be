"""Whose the keys of requests are, how they are pruned, and what happens where two requests have one at once."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, Literal

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models.signals import post_save
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from freehold import ANONYMOUS
from freehold.api.idempotency import done_once
from items.models import Item
from tenancy.models import IdempotencyKey
from tenancy.services.idempotency_key import KeptAnswers
from tests.api import Caller
from tests.auth_app.factories import make_user
from tests.items.factories import make_item
from tests.master.factories import make_category
from tests.rls import as_key, as_nobody, as_user, refused
from tests.tenancy.factories import make_idempotency_key, make_membership, make_project

TABLE = "app.idempotency_keys"
PAST = timezone.now() - timedelta(days=2)
EXPIRED = {"created_at": PAST, "expires_at": PAST + timedelta(days=1)}
at_once = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


# --- Whose they are ------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_keys_are_seen_and_written_by_their_owner_alone() -> None:
    user, project = make_user(), make_project()
    make_membership(tenant=project.tenant, user=user, role="owner")
    mine, ours = make_idempotency_key(user=user), make_idempotency_key(project=project)
    make_idempotency_key(), make_idempotency_key(project=make_project(tenant=project.tenant))

    for acting, seen in ((as_user(user), [mine]), (as_key(project), [ours]), (as_nobody(), [])):
        with acting:
            assert list(IdempotencyKey.objects.all()) == seen
            assert IdempotencyKey.objects.update(status=200) == len(seen)
    for owner in ({"user": user}, {"user": make_user()}, {"project": make_project(tenant=project.tenant)}):
        with as_key(project), refused(TABLE):
            make_idempotency_key(**owner)
    for owner in ({"project": project}, {"user": make_user()}):
        with as_user(user), refused(TABLE):
            make_idempotency_key(**owner)


@pytest.mark.django_db
def test_key_of_a_project_is_its_own() -> None:
    project = make_project()
    make_idempotency_key(project=make_project(), key="a")
    for again in (False, True):
        with as_key(project) as acting:
            assert bool(KeptAnswers(acting.principal).claim("a", "0" * 64)) is again

    assert IdempotencyKey.objects.filter(project=project, key="a").count() == 1


@pytest.mark.django_db
def test_nobody_owns_no_key() -> None:
    with as_nobody(), pytest.raises(PermissionDenied):
        KeptAnswers(ANONYMOUS).claim("a", "0" * 64)


# --- An answer that shows a secret ---------------------------------------------------------------------------------
class Endpoint:
    """As much of one as `done_once` knows."""

    def __init__(self, principal: Any) -> None:
        self.request = RequestFactory().post("/api/v1/x", b"{}", "application/json", headers={"Idempotency-Key": "a"})
        self.request.principal = principal  # type: ignore[attr-defined]
        self.times = 0

    def post(self) -> HttpResponse:
        self.times += 1
        return HttpResponse(json.dumps({"text": "fh_secret"}), status=201, headers={"Location": "/x/1", "ETag": '"1"'})


def send_twice(keeps: Literal["answer", "place"]) -> tuple[Endpoint, list[HttpResponse]]:
    with as_user(make_user()) as acting:
        endpoint = Endpoint(acting.principal)
        post = done_once(Endpoint.post, name="test_only", keeps=keeps)
        return endpoint, [post(endpoint) for _ in range(2)]


@pytest.mark.django_db
def test_secret_is_not_kept_and_a_repeat_learns_the_place() -> None:
    endpoint, (first, again) = send_twice("place")

    assert endpoint.times == 1
    assert (first.status_code, again.status_code, again["Location"]) == (201, 409, "/x/1")
    assert b"fh_secret" not in again.content
    assert "fh_secret" not in str(IdempotencyKey.objects.values())


@pytest.mark.django_db
def test_answer_without_a_secret_is_kept() -> None:
    endpoint, (first, again) = send_twice("answer")

    assert endpoint.times == 1
    assert (again.status_code, again.content, again["ETag"]) == (201, first.content, '"1"')


@pytest.mark.django_db
def test_answer_of_an_error_takes_back_what_was_done() -> None:
    user, category = make_user(), make_category()

    class Failing(Endpoint):
        def post(self) -> HttpResponse:
            make_item(user=user, category=category)
            return HttpResponse(status=409)

    with as_user(user) as acting:
        answer = done_once(Failing.post, name="test_only", keeps="answer")(Failing(acting.principal))

    assert answer.status_code == 409
    assert Item.objects.count() == IdempotencyKey.objects.count() == 0


# --- Upkeep --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_command_deletes_what_has_expired(capsys: pytest.CaptureFixture[str]) -> None:
    kept = make_idempotency_key()
    for _ in range(5):
        make_idempotency_key(**EXPIRED)

    call_command("idempotency", "prune", "--batch", "2")

    assert list(IdempotencyKey.objects.all()) == [kept]
    assert capsys.readouterr().out == "5 keys that had expired are deleted.\n"


@pytest.mark.django_db
@pytest.mark.parametrize("batch", ["0", "-1", "10001"])
def test_batch_that_is_none_is_refused(batch: str) -> None:
    with pytest.raises(CommandError, match="--batch takes a number from 1 to 10000"):
        call_command("idempotency", "prune", f"--batch={batch}")


# --- At once -------------------------------------------------------------------------------------------------------
def send(caller: Caller, body: dict[str, Any], key: str) -> HttpResponse:
    try:
        return caller.send("POST", "items", body, **{"Idempotency-Key": key})
    finally:
        connections.close_all()


def make_body() -> dict[str, Any]:
    return {"name": "A lamp", "category_id": str(make_category().pk), "price": "9.50"}


class TestAtOnce:
    pytestmark = at_once

    def test_one_of_many_does_it(self) -> None:
        user, body, most = make_user(), make_body(), 4
        callers = [Caller(user) for _ in range(most)]
        start = Barrier(most)

        def run(caller: Caller, key: str) -> HttpResponse:
            start.wait()
            return send(caller, body, key)

        with ThreadPoolExecutor(most) as threads:
            for number in range(5):
                answers = list(threads.map(run, callers, [f"key-{number}"] * most))
                again = [each for each in answers if each.headers.get("Idempotent-Replayed")]
                assert ([each.status_code for each in answers], len(again)) == ([201] * most, most - 1)
                assert len({each.content for each in answers}) == 1

        assert Item.objects.count() == IdempotencyKey.objects.count() == 5

    def test_one_that_waits_too_long_is_told_to_come_again(
        self, connect_as: Callable[[str], psycopg.Connection]
    ) -> None:
        user, body = make_user(), make_body()
        other = connect_as("admin_rw")
        with other.transaction(force_rollback=True):
            other.execute(
                "INSERT INTO app.idempotency_keys (user_id, key, fingerprint, expires_at) "
                "VALUES (%s, 'a', repeat('0', 64), now() + interval '1 day')",
                [user.pk],
            )
            answer = send(Caller(user), body, "a")
            beside = send(Caller(user), body, "b")

        assert (answer.status_code, answer["Retry-After"]) == (409, "1")
        assert beside.status_code == 201
        assert send(Caller(user), body, "a").status_code == 201

    def test_connection_that_ends_before_the_commit_leaves_nothing(self) -> None:
        caller, body = Caller(make_user()), make_body()

        post_save.connect(end_connection, sender=Item)
        try:
            answer = send(caller, body, "a")
        finally:
            post_save.disconnect(end_connection, sender=Item)

        assert answer.status_code == 503
        assert Item.objects.count() == IdempotencyKey.objects.count() == 0
        again = send(caller, body, "a")
        assert (again.status_code, "Idempotent-Replayed" in again.headers) == (201, False)


def end_connection(**kwargs: Any) -> None:
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_what_is_done_waits_for_locks_as_long_as_ever() -> None:
    def read_timeout() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return str(cursor.fetchone()[0])

    class Reading(Endpoint):
        def post(self) -> HttpResponse:
            return HttpResponse(read_timeout())

    with as_user(make_user()) as acting:
        before = read_timeout()
        answer = done_once(Reading.post, name="test_only", keeps="answer")(Reading(acting.principal))

    assert answer.content.decode() == before != "2s"
