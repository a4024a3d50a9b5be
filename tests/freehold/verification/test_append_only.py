"""Who may write the history: the migrator may add rows, and nobody may do anything else to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.serializers import serialize
from django.db import connections
from django.db.utils import IntegrityError

from freehold.acting import acting
from freehold.errors import ServiceError
from freehold.models import MigrationHistory
from freehold.services import acting_as
from tests.freehold.verification.ledgers import ALIAS, HISTORY, IS_POSTGRESQL, Ledger

COLUMNS = "kind, direction, app, name, checksum, owner_role, login, started_at, duration, outcome, code_version, detail"
STATEMENTS = {
    "UPDATE": f"UPDATE {HISTORY} SET login = 'x'",
    "DELETE": f"DELETE FROM {HISTORY} WHERE id = 1",
    "TRUNCATE": f"TRUNCATE {HISTORY}",
    "INSERT": f"INSERT INTO {HISTORY} ({COLUMNS}) SELECT {COLUMNS} FROM {HISTORY} WHERE id = 1",
    "MERGE": f"MERGE INTO {HISTORY} h USING (VALUES (1)) v (id) ON h.id = v.id WHEN MATCHED THEN DELETE",
    "UPSERT": f"INSERT INTO {HISTORY} SELECT * FROM {HISTORY} ON CONFLICT (id) DO UPDATE SET login = 'x'",
}
OWNERS = ("auth_owner", "master_owner", "app_owner")
SERVICES = ("web_rw", "api_rw", "admin_rw", "all_rw")


def run_as(ledger: Ledger, role: str, statement: str) -> str:
    """Run a statement as a role; give what the server says against it, or ''."""
    with psycopg.connect(**ledger.server, autocommit=True) as root:
        root.execute(f"SET ROLE {role}")
        try:
            root.execute(statement)
        except psycopg.Error as error:
            return str(error.diag.message_primary)
    return ""


@pytest.mark.postgresql
@pytest.mark.parametrize("role", [*OWNERS, *SERVICES])
def test_no_owner_and_no_service_may_write_the_history(role: str, ledger: Ledger) -> None:
    refusals = {run_as(ledger, role, statement) for statement in STATEMENTS.values()}

    assert refusals == {"permission denied for table migration_history"}


@pytest.mark.postgresql
def test_migrator_may_add_and_nothing_else(ledger: Ledger) -> None:
    refusals = {word: run_as(ledger, "migrator", statement) for word, statement in STATEMENTS.items()}

    denied = "permission denied for table migration_history"
    assert refusals == dict.fromkeys(STATEMENTS, denied) | {"INSERT": ""}


@pytest.mark.postgresql
@pytest.mark.parametrize("setting", ["", "SET session_replication_role = replica; "])
@pytest.mark.parametrize("word", [word for word in STATEMENTS if word != "INSERT"])
def test_superuser_is_refused_by_the_triggers(word: str, setting: str, ledger: Ledger) -> None:
    event = {"MERGE": "delete", "UPSERT": "update"}.get(word, word.lower())

    assert run_as(ledger, "postgres", setting + STATEMENTS[word]) == (
        f"public.migration_history is append-only: {event} is refused"
    )


@pytest.mark.postgresql
def test_statement_on_a_parent_table_is_refused_too(ledger: Ledger) -> None:
    ledger.execute(
        f"CREATE TABLE public.parent (LIKE {HISTORY})",
        f"ALTER TABLE {HISTORY} INHERIT public.parent",
    )

    for statement, event in (("UPDATE public.parent SET login = 'x'", "update"), ("DELETE FROM parent", "delete")):
        assert run_as(ledger, "postgres", statement) == f"public.migration_history is append-only: {event} is refused"
    assert run_as(ledger, "postgres", "TRUNCATE public.parent").endswith("truncate is refused")


@pytest.mark.postgresql
def test_function_of_the_triggers_is_nobodys_to_call(ledger: Ledger) -> None:
    callers = ledger.execute(
        "SELECT r.rolname FROM pg_roles r WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' "
        "AND has_function_privilege(r.oid, 'public.refuse_history_change()', 'EXECUTE')"
    )
    ((options,),) = ledger.execute("SELECT proconfig FROM pg_proc WHERE proname = 'refuse_history_change'")

    assert callers == [("migrator",)]
    assert options == ["search_path=pg_catalog, pg_temp"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statement", "event"),
    [
        (STATEMENTS["UPDATE"], "update"),
        (STATEMENTS["DELETE"], "delete"),
        (f"DELETE FROM {HISTORY}", "delete"),
        (f"INSERT OR REPLACE INTO {HISTORY} SELECT * FROM {HISTORY}", "replace"),
    ],
)
def test_file_opened_by_anybody_refuses(statement: str, event: str, ledger: Ledger) -> None:
    with pytest.raises(sqlite3.IntegrityError) as caught:
        ledger.execute(statement)

    assert str(caught.value) == f"public.migration_history is append-only: {event} is refused"


CHANGES: dict[str, Callable[[Any], object]] = {
    "update": lambda rows: rows.update(login="x"),
    "save": lambda rows: rows.first().save(),
    "delete": lambda rows: rows.first().delete(),
    "delete all": lambda rows: rows.delete(),
}
CREATE: dict[str, Callable[[Any], object]] = {"create": lambda rows: rows.create(kind="seed")}


@pytest.mark.sqlite
@pytest.mark.parametrize("change", CHANGES)
def test_orm_is_refused_as_owner(change: str, ledger: Ledger) -> None:
    with acting(None), pytest.raises(IntegrityError):
        CHANGES[change](MigrationHistory.objects.using(ALIAS).all())


@pytest.mark.sqlite
@pytest.mark.parametrize("change", [*CHANGES, *CREATE])
@pytest.mark.parametrize("service", ["web", "api", "admin"])
def test_orm_is_refused_as_each_service(service: str, change: str, ledger: Ledger) -> None:
    with acting(None):
        count = MigrationHistory.objects.using(ALIAS).count()
    with acting_as(service), pytest.raises(ServiceError):
        (CHANGES | CREATE)[change](MigrationHistory.objects.using(ALIAS).all())
    with acting(None):
        assert MigrationHistory.objects.using(ALIAS).count() == count


# --- Flush -----------------------------------------------------------------------------------------------------------
def test_flush_leaves_history(ledger: Ledger) -> None:
    ledger.write_table("manor", "0001_manor", "Manor", "auth.manor")
    ledger.migrate("manor")
    before = ledger.list_rows()

    flush(ledger)

    assert ledger.list_rows() == before
    assert ledger.verify() == []


def flush(ledger: Ledger) -> None:
    """Do what the end of a TransactionTestCase does."""
    connection = connections[ALIAS]
    creation: Any = connection.creation
    creation.test_database = connection.settings_dict["NAME"]
    call_command("flush", database=ALIAS, interactive=False, verbosity=0, inhibit_post_migrate=True)
    creation.test_database = ""


def test_sqlflush_does_not_name_it(ledger: Ledger) -> None:
    call_command("migrate", database=ALIAS, verbosity=0, app_label="master")
    output = StringIO()

    call_command("sqlflush", database=ALIAS, stdout=output)

    assert "categories" in output.getvalue()
    assert MigrationHistory._meta.db_table.rpartition(".")[2] not in output.getvalue()


def test_serialized_rows_are_put_back_beside_what_a_flush_left(ledger: Ledger) -> None:
    creation: Any = connections[ALIAS].creation
    before = ledger.list_rows()

    creation.deserialize_db_from_string(serialize("json", before))

    assert ledger.list_rows() == before


# --- Taking it back --------------------------------------------------------------------------------------------------
def test_engine_to_zero_and_back_leaves_the_same(ledger: Ledger) -> None:
    before = read_catalogue(ledger)

    ledger.migrate("freehold", "zero")
    gone = read_catalogue(ledger)
    ledger.migrate("freehold")

    assert [row for row in gone if "history" in str(row)] == []
    assert read_catalogue(ledger) == before
    assert ledger.verify() == []
    assert [row.name[:4] for row in ledger.list_rows()] == [f"{number:04}" for number in range(1, 9)]


def read_catalogue(ledger: Ledger) -> list[tuple[Any, ...]]:
    """Give what the database holds, as text: rights, triggers and functions too."""
    if not IS_POSTGRESQL:
        return sorted(ledger.execute("SELECT type, name, sql FROM sqlite_master"))
    return ledger.execute(
        """
        SELECT 'r', c.relname, c.relowner::regrole::text, coalesce(c.relacl::text, ''), a.attname,
            a.atttypid::regtype::text, a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL SELECT 't', tgname, tgenabled::text, pg_get_triggerdef(oid), NULL, NULL, NULL, NULL FROM pg_trigger
        UNION ALL SELECT 'c', conname, NULL, pg_get_constraintdef(oid), NULL, NULL, NULL, NULL FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'f', proname, proacl::text, pg_get_functiondef(oid), NULL, NULL, NULL, NULL FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
        ORDER BY 1, 2, 5
        """
    )


def test_old_release_may_still_write_its_rows(ledger: Ledger) -> None:
    row = "'seed', 'up', 'x', 'y', '', '', 'x', CURRENT_TIMESTAMP, {}, 'ok', '', ''"
    duration = "interval '1 s'" if IS_POSTGRESQL else "1"

    ledger.execute(f"INSERT INTO {HISTORY} ({COLUMNS}) VALUES ({row.format(duration)})")

    assert ledger.list_rows(app="x")[0].link == ""


def test_row_of_no_known_outcome_is_refused(ledger: Ledger) -> None:
    statement = STATEMENTS["INSERT"].replace(
        "outcome, code_version, detail FROM", "'rumour', code_version, detail FROM"
    )

    with pytest.raises((psycopg.IntegrityError, sqlite3.IntegrityError), match="migration_history_end_check"):
        ledger.execute(statement)
