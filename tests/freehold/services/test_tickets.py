"""Acting for somebody whom the database knows by a ticket alone: acting_as, delegate() and the fixture as_service."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from auth_app.models import User
from freehold import ANONYMOUS, LazyPrincipal, Principal, ServiceError, acting_as, delegate
from freehold.acting import Acting
from items.models import Favorite
from tests.auth_app.factories import make_user
from tests.freehold.backends.conftest import open_alias
from tests.items.factories import make_favorite

AsService = Callable[..., AbstractContextManager[Acting]]
pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> Any:
    """A user with one favorite; another has one too."""
    make_favorite()
    return make_favorite().user


def test_fixture_acts_for_a_user_a_principal_or_nobody(user: User, as_service: AsService) -> None:
    seen = []
    for who in (user, Principal("user", user_id=str(user.pk)), None):
        with as_service("api", who):
            seen.append(Favorite.objects.count())
    with as_service("admin", request_id="r1") as found:
        seen.append(Favorite.objects.count())

    assert seen == [1, 1, 0, 2]
    assert found.request_id == "r1"


@pytest.mark.postgresql
def test_process_sees_no_ticket(user: User, as_service: AsService) -> None:
    with as_service("api", user) as found, connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('freehold.proof'), current_user")
        proof, role = cursor.fetchone()

    assert proof.startswith("ticket:1.user.")
    assert role == "api_rw"
    assert "ticket:" not in repr(found)
    assert found.settings["freehold.proof"] == ""


@pytest.mark.postgresql
def test_ticket_is_made_in_a_transaction_that_another_began(user: User, as_service: AsService) -> None:
    seen = []
    with transaction.atomic():
        for service in ("api", "admin", "api"):
            with as_service(service, user):
                seen.append(Favorite.objects.count())

    assert seen == [1, 2, 1]


@pytest.mark.postgresql
def test_user_whom_nobody_knows_is_no_principal(as_service: AsService) -> None:
    unknown = Principal("user", user_id="00000000-0000-4000-8000-00000000000a")
    with as_service("api", unknown), pytest.raises(DatabaseError, match="a ticket is for an active user"):
        Favorite.objects.count()


@pytest.mark.postgresql
def test_ticket_of_whoever_acts_is_handed_on(user: User, as_service: AsService) -> None:
    with as_service("api", user):
        ticket = delegate(minutes=1)
        other = delegate("web")
    seen = []
    for each in (ticket, LazyPrincipal(ticket.proof), LazyPrincipal(other.proof), LazyPrincipal(ticket.proof + "0")):
        with acting_as("api", each):
            seen.append(Favorite.objects.count())

    assert seen == [1, 1, 0, 0]
    with acting_as("api"):
        assert LazyPrincipal(ticket.proof).principal == Principal("user", user_id=str(user.pk))
    user.set_password("another one")
    user.save()
    with acting_as("api", ticket):
        assert Favorite.objects.count() == 0


@pytest.mark.postgresql
def test_nobody_has_no_ticket_to_hand_on(as_service: AsService) -> None:
    with as_service("api"), pytest.raises(ServiceError, match="service api acts for nobody"):
        delegate()
    with as_service("api"), pytest.raises(ServiceError, match="has no service 'nowhere'"):
        delegate("nowhere")


def test_map_without_proofs_has_no_tickets(settings: Settings, user: User) -> None:
    settings.OWNERSHIP = "tests.config.believing.OWNERSHIP"
    with acting_as("api", Principal("user", user_id=str(user.pk))), pytest.raises(ServiceError, match="no function"):
        delegate()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_process_of_one_service_is_told_that_it_names_nobody(django_db_blocker: DjangoDbBlocker) -> None:
    user = make_user()
    entry = deepcopy(connection.settings_dict) | {"USER": "api_rw"}
    with django_db_blocker.unblock(), open_alias("one", entry) as one:
        for who, count in ((ANONYMOUS, 0), (Principal("user", user_id=str(user.pk)), None)):
            with acting_as("api", who), one.cursor() as cursor:
                if count is None:
                    with pytest.raises(DatabaseError, match="can't act for the principal that acting_as was given"):
                        cursor.execute("SELECT count(*) FROM app.favorites")
                else:
                    cursor.execute("SELECT count(*) FROM app.favorites")
                    assert cursor.fetchone() == (count,)
