"""A POST with an Idempotency-Key is done once, on both dialects, for whoever asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone
from pytest_django import Settings

from items.models import Item
from tenancy.models import IdempotencyKey
from tenancy.services import idempotency_key as keys
from tests.api import Caller, list_faults
from tests.auth_app.factories import make_user
from tests.master.factories import make_category
from tests.tenancy.factories import make_idempotency_key

pytestmark = pytest.mark.django_db
SHOWN_ONCE = {"issue_api_key", "invite"}  # whose answers nobody keeps
HEADER = "Idempotency-Key"
KEY = {HEADER: "5f0c-1"}


def make_body(**fields: Any) -> dict[str, Any]:
    return {"name": "A lamp", "category_id": str(make_category().pk), "price": "9.50", **fields}


def is_again(answer: HttpResponse) -> bool:
    return answer.headers.get("Idempotent-Replayed") == "true"


def test_repeat_gets_the_answer_that_was_kept() -> None:
    caller, body = Caller(make_user()), make_body()
    first = caller.send("POST", "items", body, **KEY)
    Item.objects.update(name="Another name")

    again = caller.send("POST", "items", body, **KEY)

    assert (first.status_code, is_again(first)) == (201, False)
    assert (again.status_code, is_again(again)) == (201, True)
    assert again.content == first.content
    assert {name: again[name] for name in ("Location", "ETag", "Content-Type", "Cache-Control", "Vary")} == {
        name: first[name] for name in ("Location", "ETag", "Content-Type", "Cache-Control", "Vary")
    }
    assert Item.objects.count() == IdempotencyKey.objects.count() == 1


def test_without_a_key_each_is_done() -> None:
    caller, body = Caller(make_user()), make_body()

    assert [caller.send("POST", "items", body).status_code for _ in range(2)] == [201, 201]
    assert (Item.objects.count(), IdempotencyKey.objects.count()) == (2, 0)


def test_key_of_another_request_is_refused() -> None:
    caller, body = Caller(make_user()), make_body()
    caller.send("POST", "items", body, **KEY)

    assert is_again(caller.send("POST", "items?", body, **KEY))  # the same, written otherwise
    for path, other in (("items", {**body, "price": "9.51"}), ("tenants", {"name": "x", "slug": "x"})):
        answer = caller.send("POST", path, other, **KEY)
        assert list_faults(answer) == {HEADER: "This key was sent with another request."}
    assert Item.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "same"),
    [('"a b\\"c"', '"a b\\"c"'), ("abc-1", '"abc-1"'), ("x" * 255, "x" * 255)],
)
def test_key_may_stand_in_quotes(text: str, same: str) -> None:
    caller, body = Caller(make_user()), make_body()
    caller.send("POST", "items", body, **{HEADER: text})

    assert is_again(caller.send("POST", "items", body, **{HEADER: same}))


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "a,b", '"', '""', '"a', "a\x00b", "\xfc", "x" * 256, '"a";b=1', "a\n"]
)
def test_key_that_is_none_is_refused(text: str) -> None:
    answer = Caller(make_user()).send("POST", "items", make_body(), **{HEADER: text})

    assert list(list_faults(answer)) == [HEADER]
    assert Item.objects.count() == IdempotencyKey.objects.count() == 0


def test_what_was_refused_is_not_kept() -> None:
    caller, body = Caller(make_user()), make_body()

    assert caller.send("POST", "items", {**body, "price": "x"}, **KEY).status_code == 422  # by its type
    assert caller.send("POST", "items", {**body, "images": [{"url": "no:x"}]}, **KEY).status_code == 422  # by a rule
    assert caller.send("POST", "items", {**body, "category_id": str(make_user().pk)}, **KEY).status_code == 422
    assert IdempotencyKey.objects.count() == Item.objects.count() == 0
    assert caller.send("POST", "items", body, **KEY).status_code == 201


def test_nobody_signed_in_has_no_keys() -> None:
    assert Caller().send("POST", "items", make_body(), **KEY).status_code == 401
    assert IdempotencyKey.objects.count() == 0


def test_same_key_of_another_user_is_another() -> None:
    body = make_body()
    answers = [Caller(make_user()).send("POST", "items", body, **KEY) for _ in range(2)]

    assert [(each.status_code, is_again(each)) for each in answers] == [(201, False)] * 2
    assert Item.objects.count() == 2


def test_key_that_has_expired_is_free_again() -> None:
    user = make_user()
    caller, body = Caller(user), make_body()
    caller.send("POST", "items", body, **KEY)
    past = timezone.now() - timedelta(seconds=1)
    for number in range(keys.SWEPT + 5):
        make_idempotency_key(user=user, key=f"old {number}")
    IdempotencyKey.objects.filter(user=user).exclude(key=KEY[HEADER]).update(
        created_at=past - timedelta(days=2), expires_at=past - timedelta(days=1)
    )
    IdempotencyKey.objects.filter(key=KEY[HEADER]).update(created_at=past - timedelta(days=1), expires_at=past)
    others = make_idempotency_key(created_at=past - timedelta(days=1), expires_at=past)

    answer = caller.send("POST", "items", body, **KEY)

    assert (answer.status_code, is_again(answer)) == (201, False)
    assert IdempotencyKey.objects.filter(user=user).count() == 5 + 1 + 1  # all but those that were swept
    assert IdempotencyKey.objects.filter(pk=others.pk).exists()


def test_answer_that_is_too_long_leaves_its_place() -> None:
    caller, body = Caller(make_user()), make_body(description="\xfc" * 40_000, images=[{"url": "/" + "x" * 1900}] * 20)
    first = caller.send("POST", "items", body, **KEY)

    again = caller.send("POST", "items", body, **KEY)

    assert first.status_code == 201
    assert (again.status_code, again["Location"]) == (409, first["Location"])
    assert again.json()["detail"] == "This was done already, and what was answered is not kept."
    assert Item.objects.count() == 1


def test_body_that_is_read_as_it_comes_takes_no_key() -> None:
    caller = Caller(make_user())

    answer = caller.send("POST", "runs", [], **KEY)

    assert list_faults(answer) == {HEADER: "This can't be sent with a key."}


def test_project_without_a_store_takes_no_key(settings: Settings) -> None:
    del settings.IDEMPOTENCY_STORE

    answer = Caller(make_user()).send("POST", "items", make_body(), **KEY)

    assert list(list_faults(answer)) == [HEADER]


def test_document_describes_the_header_and_what_it_brings() -> None:
    document = Caller().read("openapi.json")
    operations = {
        each["operationId"]: each for path in document["paths"].values() for each in path.values() if type(each) is dict
    }
    taking = {
        name
        for name, each in operations.items()
        if any(one.get("name") == HEADER and one["in"] == "header" for one in each.get("parameters", []))
    }

    assert "create_item" in taking
    assert "report_runs" not in taking
    assert taking >= SHOWN_ONCE
    for name in taking:
        answers = operations[name]["responses"]
        (usual,) = [each for status, each in answers.items() if status.startswith("2")]
        assert ("Idempotent-Replayed" in usual.get("headers", {})) == (name not in SHOWN_ONCE)
        assert {"Retry-After", "Location"} <= answers["409"]["headers"].keys()
        assert "422" in answers


def test_answer_that_is_kept_shows_no_secret() -> None:
    """An operation that shows one says keeps="place": its answer is not in the table."""
    document = Caller().read("openapi.json")
    posts = [path["post"]["responses"].values() for path in document["paths"].values() if "post" in path]
    kept = [each for answers in posts for each in answers if "Idempotent-Replayed" in each.get("headers", {})]

    assert kept
    for each in kept:
        if "content" not in each:  # 204
            continue
        name = each["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        shown = document["components"]["schemas"][name]["properties"].keys()
        assert not {"key", "text", "secret", "token", "password"} & shown, name
