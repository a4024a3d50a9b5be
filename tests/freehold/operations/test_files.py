"""Pairs of SQL files run as migrations: the same file on both dialects, up and down, and what is said of wrong ones."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations.writer import OperationWriter

from freehold.acting.logins import SUPERUSER, using_login
from freehold.errors import MigrationError
from freehold.operations import RunSQLFiles
from freehold.scripts.pairs import Script, naming_line, shorten
from tests.dialect import DIALECT
from tests.freehold.migrator.estates import ALIAS
from tests.freehold.operations.yards import Yard

TABLE = """
    -- 100% of it; the semicolon in this comment ends nothing
    CREATE TABLE IF NOT EXISTS app.meadow (
        id bigint PRIMARY KEY,
        note text NOT NULL DEFAULT 'a;b 50% -- no comment'
    );
    CREATE INDEX IF NOT EXISTS meadow_note_idx ON app.meadow (note);
"""
NO_TABLE = "DROP INDEX IF EXISTS app.meadow_note_idx; DROP TABLE IF EXISTS app.meadow;"
COLUMN = "ALTER TABLE app.meadow ADD COLUMN IF NOT EXISTS is_active boolean NOT NULL DEFAULT true;"
NO_COLUMN = "ALTER TABLE app.meadow DROP COLUMN IF EXISTS is_active;"
NAME = "app.zz_a" if DIALECT == "postgresql" else '"app.zz_a"'
MAKE = f"migrations.RunSQL('CREATE TABLE {NAME} (a int)'),"
# Parameters and columns that psql may take for the beginning of a body.
ROUTINES = {
    "parameter": "CREATE FUNCTION app.span(begin timestamptz) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "name": "CREATE FUNCTION app.begin() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "column": "CREATE FUNCTION app.f() RETURNS int\nBEGIN ATOMIC SELECT b.begin FROM (SELECT 1) b (begin); END",
    "case": 'CREATE PROCEDURE app.p("end" int, "case" int) BEGIN ATOMIC SELECT 1 AS case; END',
}


def write_both(yard: Yard) -> None:
    yard.write_pair("meadow", "table", TABLE, NO_TABLE)
    yard.write_pair("meadow", "column", COLUMN, NO_COLUMN)


def fail(yard: Yard, *arguments: str) -> str:
    with pytest.raises(MigrationError) as caught:
        yard.migrate(*arguments)
    return str(caught.value).replace(f"{shorten(yard.directory / yard.package)}/", "")


# --- What runs -------------------------------------------------------------------------------------------------------
def test_common_file_runs_on_both_dialects_up_down_and_up_again(yard: Yard) -> None:
    write_both(yard)

    yard.migrate("meadow")
    columns, indexes = yard.find_columns("app.meadow"), yard.find_indexes("app.meadow")
    yard.migrate("meadow", "0001")
    before = yard.find_columns("app.meadow")
    yard.migrate("meadow", "zero")
    none = yard.find_columns("app.meadow")
    yard.migrate("meadow")

    assert (columns, before, none) == (["id", "note", "is_active"], ["id", "note"], [])
    assert "meadow_note_idx" in indexes
    assert yard.find_columns("app.meadow") == columns
    assert yard.find_indexes("app.meadow") == indexes
    assert yard.applied == ["meadow.0001_table", "meadow.0002_column"]


def test_default_with_a_semicolon_and_a_percent_sign_is_what_was_written(yard: Yard) -> None:
    yard.write_pair("meadow", "table", TABLE + "INSERT INTO app.meadow (id) VALUES (1);", NO_TABLE)

    yard.migrate("meadow")

    table = "app.meadow" if DIALECT == "postgresql" else '"app.meadow"'
    assert yard.query(f"SELECT note FROM {table}") == [("a;b 50% -- no comment",)]


def test_file_that_ran_once_runs_again(yard: Yard) -> None:
    write_both(yard)
    yard.migrate("meadow")
    yard.migrate("meadow", "zero", fake=True)

    yard.migrate("meadow")

    assert yard.find_columns("app.meadow") == ["id", "note", "is_active"]


def test_variant_is_read_in_place_of_the_common_file(yard: Yard) -> None:
    yard.write_pair(
        "meadow",
        "table",
        "CREATE TABLE app.meadow (common int)",
        NO_TABLE,
        up_sqlite="CREATE TABLE app.meadow (of_sqlite int)",
        up_postgresql="CREATE TABLE app.meadow (of_postgresql int)",
    )

    yard.migrate("meadow")

    assert yard.find_columns("app.meadow") == [f"of_{DIALECT}"]


@pytest.mark.postgresql
def test_files_run_as_the_owner_of_the_schema(yard: Yard) -> None:
    yard.write_pair("meadow", "table", TABLE, NO_TABLE)

    yard.migrate("meadow")

    assert yard.tables == {"app.meadow": "app_owner"}


@pytest.mark.postgresql
def test_dollar_quotes_and_bodies_hold_semicolons(yard: Yard) -> None:
    yard.write_pair(
        "meadow",
        "function",
        """
        CREATE OR REPLACE FUNCTION app.count_to(n int) RETURNS int LANGUAGE plpgsql AS $body$
        BEGIN
            RETURN n; -- it's; fine
        END;
        $body$;
        CREATE OR REPLACE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql
        BEGIN ATOMIC
            SELECT 1;
            SELECT CASE WHEN true THEN n * 2 END;
        END;
        """,
        "DROP FUNCTION IF EXISTS app.twice(int); DROP FUNCTION IF EXISTS app.count_to(int);",
    )

    yard.migrate("meadow")

    assert yard.query("SELECT app.count_to(3), app.twice(4)") == [(3, 8)]
    yard.migrate("meadow", "zero")
    assert yard.query("SELECT to_regproc('app.twice')") == [(None,)]


def test_migration_without_a_transaction_makes_an_index_concurrently(yard: Yard) -> None:
    yard.write_pair("meadow", "table", TABLE, NO_TABLE)
    yard.write_pair(
        "meadow",
        "index",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS meadow_id_note_idx ON app.meadow (id, note)",
        "DROP INDEX CONCURRENTLY IF EXISTS app.meadow_id_note_idx",
        atomic=False,
    )

    yard.migrate("meadow")
    made = yard.find_indexes("app.meadow")
    yard.migrate("meadow", "0001")

    assert made - yard.find_indexes("app.meadow") == {"meadow_id_note_idx"}


def test_state_operations_change_the_models_and_no_table(yard: Yard) -> None:
    model = """, [migrations.CreateModel("Meadow", [("id", models.BigAutoField(primary_key=True))],
        options={"db_table": "app.meadow"})]"""
    yard.write_pair("meadow", "table", TABLE, NO_TABLE, options=model)
    yard.write(
        "meadow",
        "0002_hay",
        'migrations.AddField("meadow", "hay", models.TextField(default="")),',
    )

    yard.migrate("meadow")

    assert yard.find_columns("app.meadow")[-1] == "hay"


def test_plan_names_the_files(yard: Yard) -> None:
    write_both(yard)

    output = yard.migrate("meadow", plan=True).replace("+ ", "")  # the sign is Django 6.1's

    assert output.splitlines()[-1].strip() == "Run SQL files 20260301120000_column"


def test_sqlmigrate_prints_the_statements(yard: Yard) -> None:
    write_both(yard)
    output = StringIO()

    call_command("sqlmigrate", "meadow", "0002", database=ALIAS, stdout=output, no_color=True)

    table = "app.meadow" if DIALECT == "postgresql" else '"app.meadow"'
    assert re.search(rf"ALTER TABLE {table} ADD COLUMN .*is_active boolean NOT NULL DEFAULT true;", output.getvalue())


# --- What it is ------------------------------------------------------------------------------------------------------
def test_files_are_those_that_are_there(yard: Yard) -> None:
    folder = yard.write_pair("meadow", "table", TABLE, None, up_sqlite=TABLE)

    found = RunSQLFiles("meadow", "20260301120000_table").files

    assert found == [folder / "20260301120000_table.up.sql", folder / "20260301120000_table.up.sqlite.sql"]
    assert all(path.is_absolute() for path in found)


def test_operation_writes_itself_into_a_squashed_migration() -> None:
    operation = RunSQLFiles("meadow", "1_table", atomic=True)

    text, imports = OperationWriter(operation, indentation=0).serialize()

    namespace: dict[str, object] = {}
    exec("\n".join(imports), namespace)
    again = eval(text.rstrip(","), namespace)
    assert isinstance(again, RunSQLFiles)
    assert again.deconstruct() == operation.deconstruct() == ("RunSQLFiles", ["meadow", "1_table"], {"atomic": True})


# --- What is wrong ---------------------------------------------------------------------------------------------------
def test_missing_file_is_named_and_nothing_is_applied(yard: Yard) -> None:
    yard.write_pair("meadow", "table", None)

    assert fail(yard, "meadow") == (
        "meadow/sql/20260301120000_table.up.sql is missing: put it back from version control, or write it"
    )
    assert yard.applied == []


def test_missing_way_down_is_named_and_the_migration_stays(yard: Yard) -> None:
    folder = yard.write_pair("meadow", "table", TABLE, NO_TABLE)
    yard.migrate("meadow")
    (folder / "20260301120000_table.down.sql").unlink()

    assert fail(yard, "meadow", "zero") == (
        "meadow/sql/20260301120000_table.down.sql is missing: put it back from version control, or write it"
    )
    assert yard.applied == ["meadow.0001_table"]


def test_empty_file_is_refused(yard: Yard) -> None:
    yard.write_pair("meadow", "table", "-- still to be written\n")

    assert fail(yard, "meadow") == (
        "meadow/sql/20260301120000_table.up.sql holds no statement: write it, or where there is nothing to do, the "
        "line `-- nothing to do: REASON`"
    )


def test_way_down_with_nothing_to_undo_runs(yard: Yard) -> None:
    yard.write_pair("meadow", "table", TABLE, "-- nothing to undo: the table was there before\n")
    yard.migrate("meadow")

    yard.migrate("meadow", "zero")

    assert yard.applied == []
    assert yard.find_columns("app.meadow") == ["id", "note"]


@pytest.mark.parametrize("word", ["BEGIN", "COMMIT", "rollback", "START TRANSACTION", "SAVEPOINT a"])
def test_transaction_control_is_refused_before_anything_runs(yard: Yard, word: str) -> None:
    yard.write_pair("meadow", "table", f"{TABLE}\n{word};", NO_TABLE)

    assert fail(yard, "meadow") == (
        f"meadow/sql/20260301120000_table.up.sql:9: {word.split()[0].upper()} has no place here, since the file runs "
        "in a transaction that is not its own: take it out"
    )
    assert yard.find_columns("app.meadow") == []


@pytest.mark.postgresql
@pytest.mark.parametrize("routine", ROUTINES.values(), ids=ROUTINES)
def test_transaction_control_behind_a_routine_is_refused(yard: Yard, routine: str) -> None:
    yard.write_pair("meadow", "table", f"CREATE TABLE app.meadow (id int);\n{routine};\nCOMMIT;\nSELECT 1/0;", NO_TABLE)

    line = 3 + routine.count("\n")
    assert fail(yard, "meadow") == (
        f"meadow/sql/20260301120000_table.up.sql:{line}: COMMIT has no place here, since the file runs in "
        "a transaction that is not its own: take it out"
    )
    assert (yard.tables, yard.applied) == ({}, [])


@pytest.mark.postgresql
def test_escaped_text_goes_on_behind_a_line_s_end(yard: Yard) -> None:
    texts = "(E'one'\n    ' \\'two;\\'' -- it's\n), (E'a' -- b\n '\\\\'\n'\\'')"
    yard.write_pair("meadow", "table", f"CREATE TABLE app.meadow (note text);\nINSERT INTO app.meadow VALUES {texts};")

    yard.migrate("meadow")

    assert yard.query("SELECT note FROM app.meadow") == [("one 'two;'",), ("a\\'",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\\echo a", ", line 2: a backslash begins a command of psql's, which has no place here: take it out"),
        (
            "COPY app.meadow (id) FROM STDIN;\n1\n\\.",
            ":2: COPY has no place here, since its rows are psql's to send: write INSERT (pg_dump --inserts)",
        ),
        ("SELECT '\0'; SELECT 2", " holds a NUL, where the server would stop reading: take it out"),
        ("SELECT E'a\\'; COMMIT; --", ", line 2: a text in quotes has no end: close it"),
    ],
    ids=["command", "copy", "nul", "escape"],
)
def test_what_is_for_psql_alone_is_named_and_nothing_runs(yard: Yard, text: str, said: str) -> None:
    yard.write_pair("meadow", "table", f"CREATE TABLE app.meadow (id int);\n{text}", NO_TABLE)

    assert fail(yard, "meadow") == f"meadow/sql/20260301120000_table.up.sql{said}"
    assert (yard.find_columns("app.meadow"), yard.applied) == ([], [])


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("setting", "value", "needed"),
    [("standard_conforming_strings", "off", "on"), ("client_encoding", "LATIN1", "UTF8")],
    ids=["strings", "encoding"],
)
def test_setting_that_the_file_is_read_by_is_refused(yard: Yard, setting: str, value: str, needed: str) -> None:
    yard.write_pair("meadow", "table", f"SET {setting} = {value};\nSELECT 1", NO_TABLE)

    assert fail(yard, "meadow") == (
        f"meadow/sql/20260301120000_table.up.sql:1: it sets {setting} to {value}, and the file is read "
        f"by {needed}: take it out"
    )
    assert yard.applied == []


@pytest.mark.postgresql
def test_line_ends_are_those_of_the_file(yard: Yard) -> None:
    folder = yard.write_pair("meadow", "table", "")
    text = "CREATE TABLE app.meadow AS SELECT $$a\r\nb\rc$$ AS note; -- d\rSELECT 1;"
    Path(folder, "20260301120000_table.up.sql").write_bytes(text.encode())

    yard.migrate("meadow")

    assert yard.query("SELECT note FROM app.meadow") == [("a\r\nb\rc",)]


# --- Transactions ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", ["COMMIT; SELECT 1/0", "SELECT 1; END; BEGIN", "rollback /* of it */"])
def test_statement_that_would_end_the_transaction_is_not_sent(yard: Yard, words: str) -> None:
    yard.write("meadow", "0001_table", f"{MAKE} migrations.RunSQL({words!r}),")

    said = fail(yard, "meadow")

    word = next(each for each in ("COMMIT", "END", "ROLLBACK") if each in words.upper())
    assert said == (
        f"migration meadow.0001_table says {word}, and runs in a transaction that is not its own; nothing of it was "
        "applied: take it out"
    )
    assert (yard.find_columns("app.zz_a"), yard.applied) == ([], [])


@pytest.mark.parametrize("after", ["", ".execute('SELECT 1')"], ids=["at_once", "later"])
def test_transaction_that_code_ends_by_the_driver_is_told_as_it_is(yard: Yard, after: str) -> None:
    words = "[raw.execute('COMMIT'), raw.execute('SELECT 1')]" if after and DIALECT == "postgresql" else "raw.commit()"
    code = f"lambda apps, editor: [{words} for raw in [editor.connection.connection]]"
    yard.write("meadow", "0001_table", f"{MAKE} migrations.RunPython({code}), {MAKE.replace('zz_a', 'zz_b')}")

    assert fail(yard, "meadow") == (
        "migration meadow.0001_table ended the transaction that it runs in: what it had done by then is committed, and "
        "not written down as applied. Undo that by hand, and take out of the migration what ends a transaction"
    )
    assert (yard.find_columns("app.zz_b"), yard.applied) == ([], [])
    yard.query(f"DROP TABLE {NAME}")


@pytest.mark.postgresql
def test_transaction_that_a_migration_without_one_leaves_open_is_refused(yard: Yard) -> None:
    yard.write("meadow", "0001_table", "migrations.RunSQL('BEGIN; CREATE TABLE app.zz_a (a int)'),", atomic=False)

    assert "left a transaction open, which was rolled back" in fail(yard, "meadow")
    assert (yard.tables, yard.applied) == ({}, [])


def test_savepoints_of_code_are_its_own(yard: Yard) -> None:
    code = "lambda apps, editor: models.base.transaction.atomic(editor.connection.alias)(lambda: None)()"
    yard.write("meadow", "0001_table", f"migrations.RunPython({code}),")

    yard.migrate("meadow")

    assert yard.applied == ["meadow.0001_table"]


def test_wrong_statement_is_named_with_its_line_and_nothing_is_left(yard: Yard) -> None:
    yard.write_pair("meadow", "table", f"{TABLE}\nINSERT INTO app.medow (id) VALUES (1);", NO_TABLE)

    said = fail(yard, "meadow")

    reason = 'relation "app.medow" does not exist' if DIALECT == "postgresql" else "no such table: app.medow"
    assert said == (f"meadow/sql/20260301120000_table.up.sql:9: {reason}; correct the statement and run it again")
    assert (yard.find_columns("app.meadow"), yard.applied) == ([], [])
    assert yard.outcomes[0][:3] == ("0001_table", "up", "failed")


def test_table_with_a_namesake_elsewhere_is_named_with_its_line(yard: Yard) -> None:
    yard.write_pair("meadow", "table", "SELECT 1;\nSELECT 1 FROM categories;", "SELECT 1;")
    if DIALECT == "sqlite":
        yard.query('CREATE TABLE IF NOT EXISTS "master.categories" (id int)')
    said = fail(yard, "meadow")
    assert re.match(r'meadow/sql/20260301120000_table\.up\.sql:2: .*categories.*"master.+; correct the statement', said)


@pytest.mark.parametrize("wrong", ["(7, NULL)", "('x', 'a')", "(7"], ids=["row", "value", "words"])
def test_wrong_one_of_many_rows_is_named_with_its_line(yard: Yard, wrong: str) -> None:
    rows = [f"({number}, 'a')" for number in range(500)]
    rows[321] = wrong
    inserts = "\n".join(f"INSERT INTO app.meadow (id, note) VALUES {row};" for row in rows)
    table = "CREATE TABLE app.meadow (id bigint CHECK (id < 900), note text NOT NULL);"
    yard.write_pair("meadow", "table", f"{table}\n{inserts}")

    said = fail(yard, "meadow")

    assert said.startswith("meadow/sql/20260301120000_table.up.sql:323: ")
    assert said.endswith("; correct the statement and run it again")
    assert (yard.find_columns("app.meadow"), yard.applied) == ([], [])


def test_many_rows_are_all_there_and_in_order(yard: Yard) -> None:
    inserts = "\n".join(f"INSERT INTO app.meadow (note) VALUES ('it''s {number}; %');" for number in range(450))
    table = "CREATE TABLE app.meadow (id bigint GENERATED ALWAYS AS IDENTITY, note text);"
    variant = "CREATE TABLE app.meadow (id integer PRIMARY KEY, note text);"
    text = f"\n{inserts}\nUPDATE app.meadow SET note = 'last' WHERE id = 450;"
    yard.write_pair("meadow", "table", table + text, NO_TABLE, up_sqlite=variant + text)

    yard.migrate("meadow")

    name = "app.meadow" if DIALECT == "postgresql" else '"app.meadow"'
    expected = [f"it's {number}; %" for number in range(449)]
    assert yard.query(f"SELECT note FROM {name} ORDER BY id") == [(note,) for note in [*expected, "last"]]


def test_row_of_a_failed_statement_is_not_told(yard: Yard) -> None:
    insert = "INSERT INTO app.meadow (id, note) VALUES (1, 'hush-hush')"
    yard.write_pair("meadow", "table", f"{TABLE}{insert}; {insert};", NO_TABLE)

    said = fail(yard, "meadow")

    assert "20260301120000_table.up.sql:8: " in said
    assert "hush-hush" not in said


def test_text_without_an_end_is_named_with_its_line(yard: Yard) -> None:
    yard.write_pair("meadow", "table", f"{TABLE}\nINSERT INTO app.meadow (id, note) VALUES (1, 'a);")

    assert fail(yard, "meadow") == (
        "meadow/sql/20260301120000_table.up.sql, line 9: a text in quotes has no end: close it"
    )


def test_file_that_is_no_utf_8_is_named(yard: Yard) -> None:
    folder = yard.write_pair("meadow", "table", TABLE)
    Path(folder, "20260301120000_table.up.sql").write_bytes(b"SELECT '\xe9'")

    assert fail(yard, "meadow") == ("meadow/sql/20260301120000_table.up.sql is no UTF-8 (byte 8): save it as UTF-8")


@pytest.mark.postgresql
def test_concurrent_index_inside_a_transaction_is_told_the_way_out(yard: Yard) -> None:
    yard.write_pair("meadow", "table", f"{TABLE} CREATE INDEX CONCURRENTLY x_idx ON app.meadow (note);", NO_TABLE)

    assert fail(yard, "meadow") == (
        "meadow/sql/20260301120000_table.up.sql:8: CREATE INDEX CONCURRENTLY cannot run inside a transaction block: "
        "give the migration `atomic = False`"
    )


@pytest.mark.postgresql
def test_statement_in_another_s_schema_is_refused_as_in_any_migration(yard: Yard) -> None:
    yard.write_pair("meadow", "table", "CREATE TABLE auth.meadow (id int);")

    assert fail(yard, "meadow") == (
        "migration meadow.0001_table, run as app_owner, may not touch auth.meadow (permission denied for schema auth); "
        "nothing of it was applied. Do it in a migration of an app of auth, or let a contract of auth allow it"
    )
    assert yard.tables == {}


@pytest.mark.postgresql
def test_lock_that_another_holds_is_no_fault_of_the_file(yard: Yard) -> None:
    yard.write_pair("meadow", "table", TABLE, NO_TABLE)
    yard.migrate("meadow")
    connection = connections[ALIAS]
    with psycopg.connect(**yard.server) as other, using_login(connection, SUPERUSER), connection.cursor() as cursor:
        other.execute("LOCK TABLE app.meadow")
        cursor.execute("SET lock_timeout = '50ms'")

        with pytest.raises(OperationalError) as caught, naming_line(Script(Path("x.up.sql"), 1), 1):
            cursor.execute("SELECT 1 FROM app.meadow")

    assert str(caught.value).startswith("canceling statement due to lock timeout")


def test_app_that_is_not_there_is_named() -> None:
    with pytest.raises(MigrationError) as caught:
        RunSQLFiles("marsh", "1_x").files  # noqa: B018 - it is the property that fails

    assert str(caught.value) == (
        "there is no app 'marsh', whose migrations SQL files lie beside: correct RunSQLFiles(…)"
    )
