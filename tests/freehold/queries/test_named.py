"""Statements that have names on a connection known clean: whose rows they give, and what takes the names away."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from pytest_django import DjangoDbBlocker

from freehold.acting import Principal
from freehold.backends.postgresql import named
from freehold.queries import Column, Parameter, Query, ResultError, Segment
from freehold.services import acting_as
from tests.freehold.backends.conftest import get_server_entry, open_alias
from tests.freehold.backends.postgresql.conftest import believing
from tests.freehold.backends.postgresql.test_contexts import ANN, BEN, ask
from tests.freehold.backends.postgresql.test_poolers import get_direct_entry, through_pgbouncer
from tests.freehold.backends.postgresql.wire import tracing

__all__ = ["believing", "through_pgbouncer"]  # fixtures

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]
TABLE = f"""
CREATE TABLE app.named (user_id uuid NOT NULL, note varchar(9) NOT NULL);
INSERT INTO app.named VALUES ('{ANN.user_id}', 'of ann'), ('{BEN.user_id}', 'of ben'), ('{BEN.user_id}', 'of ben');
ALTER TABLE app.named ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.named FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON app.named TO api_rw, admin_rw;
CREATE POLICY own ON app.named TO api_rw USING (user_id::text = current_setting('freehold.user_id', true));
CREATE POLICY fresh ON app.named FOR INSERT TO api_rw WITH CHECK (true);
CREATE POLICY none ON app.named TO admin_rw USING (false);
"""


class NoteRow(msgspec.Struct, frozen=True):
    user_id: str
    note: str


NOTES: Query[NoteRow] = Query(
    "notes.sql",
    "many",
    (Segment("SELECT n.user_id::text, n.note FROM app.named n WHERE n.note <> {note} ORDER BY n.note", line=4),),
    NoteRow,
    parameters=(Parameter("note", "text"),),
    columns=(Column("user_id", "text"), Column("note", "varchar")),
)
ADD: Query[None] = Query(
    "add.sql",
    "batch",
    (Segment("INSERT INTO app.named VALUES ({user_id}, {note})"),),
    parameters=(Parameter("user_id", "uuid"), Parameter("note", "varchar")),
)
NAMES = "SELECT array_agg(name ORDER BY name) FROM pg_prepared_statements"
KINDS = "SELECT count(*), count(*) FILTER (WHERE from_sql) FROM pg_prepared_statements"


@pytest.fixture
def owner(db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[psycopg.Connection]:
    """The superuser, beside the table with rows of two people."""
    with django_db_blocker.unblock():
        entry = get_server_entry()
    options = {key: entry["OPTIONS"][key] for key in entry["OPTIONS"]}
    with psycopg.connect(**options, dbname=connection.settings_dict["NAME"], autocommit=True) as found:
        found.execute(TABLE)
        yield found
        found.execute("DROP TABLE app.named")


@pytest.fixture(params=["all_rw", "api_rw"])
def kept(
    request: pytest.FixtureRequest, owner: psycopg.Connection, django_db_blocker: DjangoDbBlocker
) -> Iterator[Any]:
    """A connection that is kept, of a process of all services or of the service's own login."""
    entry, params = get_direct_entry(request.param)
    entry |= {"HOST": params["host"], "PORT": str(params["port"]), "CONN_MAX_AGE": None}
    entry["OPTIONS"]["passfile"] = params["passfile"]
    with django_db_blocker.unblock(), acting_as("api"), open_alias("named", entry) as found:
        found.ensure_connection()
        yield found


def list_notes(who: Principal | None = None, service: str = "api") -> list[str]:
    """Give the notes that somebody finds."""
    if who is None:
        return [row.note for row in NOTES.fetch_many({"note": "hush"}, using="named")]
    with acting_as(service, who):
        return list_notes()


def count_names(session: Any) -> tuple[int, int]:
    """Give how many statements have names, and how many of them SQL gave."""
    found = session.connection.execute(KINDS).fetchone()
    return int(found[0]), int(found[1])


def warm(session: Any, who: Principal) -> None:
    """Read so often that the server has a plan for all values (manual, PREPARE)."""
    for _ in range(8):
        list_notes(who)
    assert count_names(session) == (2, 0)  # what says who asks, and the statement


# --- Whose rows ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ends", [True, False], ids=["requests", "in one"])
def test_rows_of_one_never_reach_another_through_a_kept_plan(kept: Any, ends: bool) -> None:
    for number in range(24):
        who, wanted = ((ANN, ["of ann"]), (BEN, ["of ben"] * 2), (Principal(), []))[number // 2 % 3]
        if number > 1:
            assert list_notes(who) == wanted
        with acting_as("api", who), transaction.atomic("named"):
            assert [list_notes(), list_notes()] == [wanted, wanted]
        if ends:
            kept.close_if_unusable_or_obsolete()
    warm(kept, ANN)
    assert list_notes(BEN) == ["of ben"] * 2


@pytest.mark.parametrize("kept", ["all_rw"], indirect=True)  # a login of one service becomes no other
def test_role_that_changes_gets_a_plan_of_its_own(kept: Any) -> None:
    warm(kept, ANN)
    for _ in range(3):
        assert list_notes(ANN, "admin") == []
        assert list_notes(ANN) == ["of ann"]
    assert count_names(kept) == (2, 0)


def test_policy_that_changes_holds_at_the_next_call(kept: Any, owner: psycopg.Connection) -> None:
    warm(kept, ANN)
    owner.execute("ALTER POLICY own ON app.named USING (note <> 'of ann')")
    assert list_notes(ANN) == ["of ben"] * 2


FORGED = "PREPARE {name} (text) AS SELECT '{ben}'::text, 'forged'::varchar WHERE $1 IS NOT NULL"
ATTACKS = {
    "another under the name": ["DEALLOCATE {name}", FORGED],
    "all others": ["DEALLOCATE ALL", FORGED],
    "one more": [FORGED.replace("{name}", "freehold_9")],
    "none": ["DEALLOCATE ALL"],
    "search_path": ["SET search_path = pg_temp", "SET plan_cache_mode = force_generic_plan", "SET row_security = off"],
}


@pytest.mark.parametrize("ends", [True, False], ids=["next request", "next principal"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_statement_that_somebody_put_behind_a_name_is_nobody_elses(kept: Any, attack: str, ends: bool) -> None:
    warm(kept, BEN)
    kept.close_if_unusable_or_obsolete()
    warm(kept, ANN)
    (names,) = kept.connection.execute(NAMES).fetchone()
    for name in names:
        with acting_as("api", ANN):
            for statement in ATTACKS[attack]:
                try:
                    ask_nothing(kept, statement.format(name=name, ben=BEN.user_id))
                except ProgrammingError:
                    assert "DEALLOCATE" in statement or name != names[0]
    if ends:
        kept.close_if_unusable_or_obsolete()
    elif attack == "search_path":
        with acting_as("api", ANN):
            ask_nothing(kept, "RESET row_security")  # it fails closed

    for _ in range(3):
        assert list_notes(BEN) == ["of ben"] * 2
    assert count_names(kept)[1] == 0


def ask_nothing(session: Any, statement: str) -> None:
    with session.cursor() as cursor:
        cursor.execute(statement)


# --- When ------------------------------------------------------------------------------------------------------------
def test_statement_has_a_name_from_the_second_call_on(kept: Any, tmp_path: Path) -> None:
    parses = []
    with acting_as("api", ANN):
        for _ in range(4):
            with tracing(kept, tmp_path) as wire:
                assert list_notes() == ["of ann"]
            parses.append(["freehold_" in line for line in wire.list_sent("Parse")])
            kept.close_if_unusable_or_obsolete()

    assert parses == [[False, False], [True, True], [], []]


def test_session_that_a_pooler_shares_out_has_no_names(through_pgbouncer: list[Any], owner: psycopg.Connection) -> None:
    one, _ = through_pgbouncer
    one.settings_dict["CONN_MAX_AGE"] = None
    with acting_as("api", ANN):
        for _ in range(4):
            assert [row.note for row in NOTES.fetch_many({"note": ""}, using=one.alias)] == ["of ann"]
    assert count_names(one) == (0, 0)


def test_names_go_through_djangos_pool(owner: psycopg.Connection, django_db_blocker: DjangoDbBlocker) -> None:
    pytest.importorskip("psycopg_pool")
    entry, params = get_direct_entry("api_rw")
    entry |= {"HOST": params["host"], "PORT": str(params["port"])}
    entry["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 1}, "passfile": params["passfile"]}
    with django_db_blocker.unblock(), open_alias("named", entry) as found:
        for who, wanted in [(ANN, ["of ann"]), (BEN, ["of ben"] * 2)] * 4:
            assert list_notes(who) == wanted
            names = count_names(found)
            found.close()  # back into the pool
        found.close_pool()
    assert names == (2, 0)


def test_connection_of_one_request_has_no_names(owner: psycopg.Connection, django_db_blocker: DjangoDbBlocker) -> None:
    entry = deepcopy(connection.settings_dict)
    with django_db_blocker.unblock(), open_alias("named", entry) as found:
        for _ in range(4):
            assert list_notes(ANN) == ["of ann"]
        assert count_names(found) == (0, 0)


def test_names_are_bounded_and_those_that_are_used_stay(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named, "MOST", 5)
    with acting_as("api", ANN):
        for number in range(20):
            query = replace(NOTES, segments=(Segment(f"{NOTES.segments[0].text}, {number + 1}::text"),))
            for _ in range(3):
                assert [row.note for row in query.fetch_many({"note": ""}, using="named")] == ["of ann"]
            assert list_notes() == ["of ann"]
    (names,) = kept.connection.execute(NAMES).fetchone()
    assert len(names) == 5
    assert "freehold_1" in names  # what says who asks goes with each of them


def test_names_outlive_a_transaction_that_is_taken_back(kept: Any) -> None:
    for _ in range(3):
        with acting_as("api", ANN), transaction.atomic("named"):
            assert [list_notes(), list_notes()] == [["of ann"]] * 2
            transaction.set_rollback(True, "named")
    assert list_notes(ANN) == ["of ann"]


def test_batch_is_parsed_once(kept: Any, tmp_path: Path) -> None:
    row = msgspec.defstruct("Args", [("user_id", Any), ("note", str)])
    with acting_as("api", ANN), tracing(kept, tmp_path) as wire:
        assert ADD.run_batch_count([row(_uuid(ANN), str(n)) for n in range(50)], using="named") == [1] * 50
    assert len([line for line in wire.list_sent("Parse") if "INSERT" in line]) <= 2
    assert len(list_notes(ANN)) == 51


def test_batch_on_a_connection_of_one_request_is_parsed_once(
    owner: psycopg.Connection, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> None:
    row = msgspec.defstruct("Args", [("user_id", Any), ("note", str)])
    entry = deepcopy(connection.settings_dict)
    with django_db_blocker.unblock(), open_alias("named", entry) as found, acting_as("api", ANN):
        found.ensure_connection()
        with tracing(found, tmp_path) as wire:
            assert ADD.run_batch_count([row(_uuid(ANN), str(n)) for n in range(50)], using="named") == [1] * 50
        assert len([line for line in wire.list_sent("Parse") if "INSERT" in line]) == 1
        assert len(list_notes(ANN)) == 51


def _uuid(who: Principal) -> Any:
    from uuid import UUID

    return UUID(who.user_id)


# --- A schema that changes -------------------------------------------------------------------------------------------
def test_column_that_grows_is_read_on(kept: Any, owner: psycopg.Connection) -> None:
    warm(kept, ANN)
    owner.execute("ALTER TABLE app.named ALTER COLUMN note TYPE varchar(200)")
    assert [list_notes(ANN) for _ in range(3)] == [["of ann"]] * 3


def test_column_of_another_type_is_named(kept: Any, owner: psycopg.Connection) -> None:
    warm(kept, ANN)
    owner.execute("ALTER TABLE app.named ALTER COLUMN note TYPE text")
    for _ in range(3):
        with pytest.raises(ResultError) as caught:
            list_notes(ANN)
        assert str(caught.value) == (
            "notes.sql:4: column note is text where varchar was compiled: run manage.py compilesql"
        )


def test_column_that_changes_inside_a_transaction_is_told(kept: Any, owner: psycopg.Connection) -> None:
    warm(kept, ANN)
    with acting_as("api", ANN):
        with transaction.atomic("named"):
            ask(kept, "SELECT 1")
            owner.execute("ALTER TABLE app.named ALTER COLUMN note TYPE varchar(200)")
            with pytest.raises(ResultError) as caught, transaction.atomic("named"):
                list_notes()
        with transaction.atomic("named"):
            assert list_notes() == ["of ann"]

    assert str(caught.value) == (
        "notes.sql:4: the schema changed under the transaction, and its columns are others: begin the transaction "
        "anew, and where that does not help, run manage.py compilesql"
    )


def test_names_that_went_inside_a_transaction_are_an_error_once(kept: Any) -> None:
    warm(kept, ANN)
    with acting_as("api", ANN):
        with transaction.atomic("named"):
            list_notes()
            ask_nothing(kept, "DEALLOCATE ALL")
            with pytest.raises(ProgrammingError, match="does not exist"), transaction.atomic("named"):
                list_notes()
            assert list_notes() == ["of ann"]
        assert list_notes() == ["of ann"]
