"""How statements travel: with what says who asks, in the ORM's transaction, leaving nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import OperationalError, connection, transaction
from pytest_django import DjangoDbBlocker

from freehold.acting import acting
from freehold.queries import Column, Parameter, Query, ResultError, Segment
from freehold.services import acting_as
from tests.freehold.backends.conftest import get_server_entry, open_alias
from tests.freehold.backends.postgresql.conftest import believing
from tests.freehold.backends.postgresql.test_contexts import ANN, AS_ANN, AS_BEN, BEN, ask, ask_beside, get_backend
from tests.freehold.backends.postgresql.test_poolers import through_pgbouncer
from tests.freehold.backends.postgresql.wire import tracing
from tests.freehold.queries.statements import GET_ITEM, ItemRow

__all__ = ["believing", "through_pgbouncer"]  # fixtures

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]
NOBODY = ("all_rw", "", "", "", "")


class WhoRow(msgspec.Struct, frozen=True):
    role: str
    user: str | None
    tenant: str | None
    principal: str | None
    request: str | None


_SETTINGS = ("freehold.user_id", "freehold.tenant_id", "freehold.principal", "application_name")
WHO: Query[WhoRow] = Query(
    "who.sql",
    "one",
    (
        Segment(
            "SELECT current_user::text, "
            + ", ".join(f"current_setting('{name}', true)" for name in _SETTINGS)
            + " WHERE {text}::text IS NOT NULL"
        ),
    ),
    WhoRow,
    parameters=(Parameter("text", "text"),),
    columns=tuple(Column(name, "text") for name in ("role", "user", "tenant", "principal", "request")),
)


def who(using: str) -> tuple[Any, ...]:
    return msgspec.structs.astuple(WHO.fetch_one({"text": "hush"}, using=using))


@pytest.fixture
def opened(db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """A connection of SERVICE=all to the test database in no transaction, kept from one request to the next."""
    entry = deepcopy(connection.settings_dict) | {"CONN_MAX_AGE": None}
    with django_db_blocker.unblock(), open_alias("typed", entry) as found:
        yield found


def test_statement_runs_as_whoever_acts_in_one_round_trip_and_leaves_nothing(opened: Any, tmp_path: Path) -> None:
    with acting_as("api", ANN, request_id="r1"), tracing(opened, tmp_path) as wire:
        assert who("typed") == AS_ANN

    assert len(wire.list_sent("Sync")) == 1
    assert [line for line in wire.list_sent("Parse") if not line.strip().startswith('""')] == []  # none has a name
    assert ask_beside(opened) == NOBODY


def test_transaction_of_the_orm_is_that_of_the_statement(opened: Any, tmp_path: Path) -> None:
    with acting_as("api", ANN, request_id="r1"), transaction.atomic("typed"):
        with tracing(opened, tmp_path) as wire:
            assert (who("typed"), ask(opened), who("typed")) == (AS_ANN, AS_ANN, AS_ANN)
        assert len(wire.list_sent("Sync")) == 3
        assert "".join(wire.list_sent("Parse")).count("SELECT pg_catalog.set_config") == 1
        with acting_as("web", BEN, request_id="r2"):
            assert (who("typed"), ask(opened)) == (AS_BEN, AS_BEN)
        assert (ask(opened), who("typed")) == (AS_ANN, AS_ANN)

    assert ask_beside(opened) == NOBODY


def test_savepoint_takes_back_what_was_told_inside(opened: Any) -> None:
    with acting_as("api", ANN, request_id="r1"), transaction.atomic("typed"):
        who("typed")
        with acting_as("web", BEN, request_id="r2"), transaction.atomic("typed"):
            who("typed")
            transaction.set_rollback(True, "typed")
        assert who("typed") == AS_ANN


def test_lost_connection_is_djangos_error_and_the_next_request_has_another(opened: Any) -> None:
    with acting_as("api", ANN, request_id="r1"):
        who("typed")
        backend = get_backend(opened)
        opened.connection.pgconn.finish()
        with pytest.raises(OperationalError) as caught:
            who("typed")
        opened.close_if_unusable_or_obsolete()
        assert who("typed") == AS_ANN
        assert get_backend(opened) != backend

    assert str(caught.value).startswith("who.sql:1: ")


def test_connection_that_is_kept_is_put_back(opened: Any) -> None:
    leave: Query[None] = Query("leave.sql", "exec", (Segment("SELECT set_config('statement_timeout', '100s', false)"),))
    with acting_as("api", ANN):
        who("typed")
        backend = get_backend(opened)
        opened.close_if_unusable_or_obsolete()
        leave.execute({}, using="typed")
        opened.close_if_unusable_or_obsolete()
        assert get_backend(opened) == backend
        assert ask(opened, "SHOW statement_timeout") != ("100s",)


def test_clients_of_a_transaction_pooler_share_a_connection_and_no_principal(through_pgbouncer: list[Any]) -> None:
    one, two = through_pgbouncer
    for number in range(6):
        using = (one if number % 2 else two).alias
        service, principal, request, wanted = ("web", BEN, "r2", AS_BEN) if number % 3 else ("api", ANN, "r1", AS_ANN)
        with acting_as(service, principal, request_id=request):
            assert who(using) == wanted
            with transaction.atomic(using):
                assert who(using) == wanted
    assert get_backend(one) == get_backend(two)


def test_owner_runs_it_without_a_service() -> None:
    with acting(None):
        assert WHO.fetch_one({"text": "a"}).role == connection.settings_dict["USER"]


def test_column_whose_type_changes_under_the_statement_is_named(db: None, django_db_blocker: DjangoDbBlocker) -> None:
    segments = (Segment("SELECT n.id, n.name FROM pg_temp.notes n", line=3),)
    query: Query[ItemRow] = Query("notes.sql", "many", segments, ItemRow, columns=GET_ITEM.columns)
    entry = get_server_entry() | {"NAME": connection.settings_dict["NAME"]}
    with django_db_blocker.unblock(), acting(None), open_alias("typed", entry) as found, found.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE notes (id uuid, name varchar)")
        assert query.fetch_many({}, using="typed") == []
        cursor.execute("ALTER TABLE notes ALTER COLUMN name TYPE int USING 1")
        with pytest.raises(ResultError) as caught:
            query.fetch_many({}, using="typed")

    assert str(caught.value) == (
        "notes.sql:3: column name is int4 where varchar was compiled: run manage.py compilesql"
    )
