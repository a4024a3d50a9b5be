"""What no service may do on SQLite: change the structure, or go around its rights."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from freehold.acting import Acting, Rights, acting
from freehold.services import acting_as
from tests.freehold.backends.sqlite3.refusals import NO_ESCAPE, NO_STRUCTURE, SERVICES, refuse, run, run_as_owner

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ('CREATE TABLE "auth.x" (id)', "create table auth.x"),
        ('CREATE TABLE "auth.x" AS SELECT 1', "create table auth.x"),
        ('CREATE TEMP TABLE "auth.user" (id)', "create temporary table auth.user"),
        ("CREATE VIRTUAL TABLE x USING fts5 (a)", "create virtual table x"),
        ("CREATE VIEW x AS SELECT 1", "create view x"),
        ("CREATE TEMP VIEW x AS SELECT 1", "create temporary view x"),
        ('CREATE INDEX x ON "auth.user" (id)', "create index x"),
        ('CREATE TRIGGER x AFTER INSERT ON "auth.user" BEGIN SELECT 1; END', "create trigger x"),
        ('CREATE TEMP TRIGGER x AFTER INSERT ON "auth.user" BEGIN SELECT 1; END', "create temporary trigger x"),
        ('ALTER TABLE "auth.user" ADD COLUMN x', "alter table auth.user"),
        ('ALTER TABLE "auth.user" DROP COLUMN display_name', "alter table auth.user"),
        ('ALTER TABLE "auth.user" RENAME COLUMN email TO x', "alter table auth.user"),
        ('ALTER TABLE "auth.user" RENAME TO x', "alter table auth.user"),
        ('DROP TABLE "auth.session"', "drop table auth.session"),
        ('DROP INDEX "x_index"', "drop index x_index"),
        ("DROP VIEW x_view", "drop view x_view"),
        ("DROP TRIGGER x_trigger", "drop trigger x_trigger"),
        ("DROP TABLE x_temporary", "drop temporary table x_temporary"),
        ("DROP INDEX x_temporary_index", "drop temporary index x_temporary_index"),
        ("REINDEX x_index", "reindex x_index"),
        ("ANALYZE", "create table sqlite_stat1"),
    ],
)
@pytest.mark.parametrize("service", SERVICES)
def test_structure_is_no_services(service: str, statement: str, what: str) -> None:
    run_as_owner(
        'CREATE INDEX x_index ON "auth.session" (expire_date)',
        'CREATE VIEW x_view AS SELECT id FROM "auth.user"',
        'CREATE TRIGGER x_trigger AFTER INSERT ON "auth.user" BEGIN SELECT 1; END',
        "CREATE TEMP TABLE x_temporary (id)",
        "CREATE INDEX x_temporary_index ON x_temporary (id)",
    )
    with acting_as(service):
        assert refuse(statement) == f"service {service} can't {what}: {NO_STRUCTURE}"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("ATTACH ':memory:' AS x", "attach :memory:"),
        ("DETACH main", "detach main"),
        ("PRAGMA writable_schema = 1", "run PRAGMA writable_schema = 1"),
        ("PRAGMA Writable_Schema = ON", "run PRAGMA Writable_Schema = ON"),
        ("PRAGMA main.journal_mode = OFF", "run PRAGMA journal_mode = OFF"),
        ("PRAGMA foreign_keys = OFF", "run PRAGMA foreign_keys = OFF"),
        ("PRAGMA foreign_keys = 0", "run PRAGMA foreign_keys = 0"),
        ("PRAGMA ignore_check_constraints = ON", "run PRAGMA ignore_check_constraints = ON"),
        ("PRAGMA recursive_triggers = ON", "run PRAGMA recursive_triggers = ON"),
        ("PRAGMA user_version = 7", "run PRAGMA user_version = 7"),
        ("PRAGMA schema_version = 7", "run PRAGMA schema_version = 7"),
        ("PRAGMA query_only = ON", "run PRAGMA query_only = ON"),
        ("PRAGMA secure_delete", "run PRAGMA secure_delete"),
        ("PRAGMA optimize", "run PRAGMA optimize"),
        ("PRAGMA integrity_check", "run PRAGMA integrity_check"),
        ("SELECT * FROM pragma_integrity_check", "run PRAGMA integrity_check"),
        ("SELECT load_extension('x')", "call load_extension()"),
        ("SELECT fts3_tokenizer('x', x'00')", "call fts3_tokenizer()"),
    ],
)
@pytest.mark.parametrize("service", SERVICES)
def test_way_around_the_rights_is_closed(service: str, statement: str, what: str) -> None:
    with acting_as(service), pytest.raises(DatabaseError) as caught:
        run(statement)

    if str(caught.value).startswith(("no such function", "no such table: pragma", "cannot VACUUM")):
        pytest.skip(f"this SQLite does not get that far: {caught.value}")
    assert str(caught.value) == f"service {service} can't {what}, {NO_ESCAPE}"


@pytest.mark.django_db(transaction=True)
def test_vacuum_is_refused() -> None:
    with acting_as("admin"):
        assert refuse("VACUUM") == f"service admin can't run VACUUM, {NO_ESCAPE}"
        assert refuse("VACUUM INTO '/nowhere/x.db'") == f"service admin can't attach /nowhere/x.db, {NO_ESCAPE}"


@pytest.mark.parametrize(
    "statement",
    [
        "PRAGMA foreign_keys",
        "PRAGMA foreign_keys = ON",
        "PRAGMA defer_foreign_keys = ON",
        "PRAGMA busy_timeout = 5000",
        "PRAGMA journal_mode",
        "PRAGMA user_version",
        "PRAGMA table_info('app.items')",
        "PRAGMA table_xinfo('app.items')",
        "PRAGMA foreign_key_list('app.items')",
        "PRAGMA index_list('app.items')",
        "PRAGMA foreign_key_check",
        "PRAGMA database_list",
        "SAVEPOINT x",
    ],
)
def test_what_tells_of_the_database_is_for_everyone(statement: str) -> None:
    with acting_as("web"):
        run(statement)


def test_table_of_tables_can_be_read_and_not_written() -> None:
    with acting_as("admin"):
        assert run("SELECT name FROM sqlite_master WHERE name = 'app.items'") == [("app.items",)]
        with pytest.raises(DatabaseError) as caught:
            run("UPDATE sqlite_master SET sql = ''")
        message = refuse("UPDATE sqlite_sequence SET seq = 0")

    assert str(caught.value) == "table sqlite_master may not be modified"
    assert message == (
        "service admin can't update sqlite_sequence, which belongs to migrator; call a function of its owner: "
        "contracts share columns to read, never to write"
    )


def test_table_of_sqlites_own_lies_in_no_schema() -> None:
    public = frozenset({"public"})
    run_as_owner("CREATE TABLE sized (id INTEGER PRIMARY KEY AUTOINCREMENT, n)", "CREATE INDEX x ON sized (n)")
    run_as_owner("INSERT INTO sized (n) VALUES (7)", "ANALYZE")
    with acting(Acting("public", "public_rw", Rights(public, public, owners={"public": "migrator"}))):
        run("DELETE FROM sized")
        assert refuse("DELETE FROM sqlite_sequence") == (
            "service public can't delete from sqlite_sequence, which belongs to migrator; call a function of its "
            "owner: contracts share columns to read, never to write"
        )
        assert refuse("SELECT stat FROM sqlite_stat1") == (
            "service public can't read column stat of sqlite_stat1, which belongs to migrator; share its columns with "
            "public in a contract, or call a function of its owner"
        )


def test_temporary_table_of_an_owner_does_not_stand_in_for_a_real_one() -> None:
    run_as_owner('CREATE TEMP TABLE "auth.session" (session_key)')
    try:
        with acting_as("web"):
            assert refuse('SELECT session_key FROM "auth.session"') == (
                "service web can't read column session_key of temp.auth.session, which belongs to nobody: the "
                "ownership map has no such schema; share its columns with web in a contract, or call a function of its "
                "owner"
            )
            assert refuse('DELETE FROM "auth.session"') == (
                "service web can't delete from temp.auth.session, which belongs to nobody: the ownership map has no "
                "such schema; call a function of its owner: contracts share columns to read, never to write"
            )
    finally:
        run_as_owner('DROP TABLE temp."auth.session"')
