"""L070, L071 and L073: each broken, reported, mended and silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from freehold.findings import Finding
from freehold.scripts.pairs import Script, read_script
from freehold_lint.undoing import iter_repeat_findings, iter_undo_findings

Write = Callable[..., Script]

# A statement that fails or does it again, what is said of it, and one that does not.
TWICE = [
    ("CREATE TABLE app.a (b int)", "table app.a is made", "CREATE TABLE IF NOT EXISTS app.a (b int)"),
    ("CREATE INDEX i ON app.a (b)", "index app.i is made", "CREATE INDEX IF NOT EXISTS i ON app.a (b)"),
    ("CREATE INDEX ON app.a (b)", "index is made", "CREATE INDEX IF NOT EXISTS i ON app.a (b)"),
    ("CREATE VIEW app.v AS SELECT 1", "view app.v is made", "CREATE OR REPLACE VIEW app.v AS SELECT 1"),
    (
        "CREATE MATERIALIZED VIEW app.v AS SELECT 1",
        "materialized view app.v is made",
        "CREATE MATERIALIZED VIEW IF NOT EXISTS app.v AS SELECT 1",
    ),
    (
        "CREATE FUNCTION app.f() RETURNS int RETURN 1",
        "function app.f is made",
        "CREATE OR REPLACE FUNCTION app.f() RETURNS int RETURN 1",
    ),
    (
        "CREATE TRIGGER t AFTER INSERT ON app.a EXECUTE FUNCTION app.f()",
        "trigger app.a.t is made",
        "CREATE OR REPLACE TRIGGER t AFTER INSERT ON app.a EXECUTE FUNCTION app.f()",
    ),
    ("CREATE SEQUENCE app.s", "sequence app.s is made", "CREATE SEQUENCE IF NOT EXISTS app.s"),
    (
        "CREATE TYPE app.t AS ENUM ('a')",
        "type app.t is made",
        "DROP TYPE IF EXISTS app.t; CREATE TYPE app.t AS ENUM ('a')",
    ),
    (
        "CREATE POLICY p ON app.a USING (true)",
        "policy app.a.p is made",
        "DROP POLICY IF EXISTS p ON app.a; CREATE POLICY p ON app.a USING (true)",
    ),
    (
        "ALTER TABLE app.a ADD COLUMN b int",
        "column app.a.b is made",
        "ALTER TABLE app.a ADD COLUMN IF NOT EXISTS b int",
    ),
    ("ALTER TABLE app.a DROP COLUMN b", "column app.a.b is dropped", "ALTER TABLE app.a DROP COLUMN IF EXISTS b"),
    (
        "ALTER TABLE app.a ADD CONSTRAINT c CHECK (b > 0)",
        "constraint app.a.c is made",
        "ALTER TABLE app.a DROP CONSTRAINT IF EXISTS c; ALTER TABLE app.a ADD CONSTRAINT c CHECK (b > 0)",
    ),
    ("ALTER TYPE app.t ADD VALUE 'x'", "value app.t.x is made", "ALTER TYPE app.t ADD VALUE IF NOT EXISTS 'x'"),
    ("DROP TABLE app.a", "table app.a is dropped", "DROP TABLE IF EXISTS app.a"),
    ("DROP INDEX app.i", "index app.i is dropped", "DROP INDEX IF EXISTS app.i"),
    ("DROP FUNCTION app.f(int)", "function app.f is dropped", "DROP FUNCTION IF EXISTS app.f(int)"),
    (
        "ALTER TABLE app.a RENAME COLUMN b TO c",
        "column app.a.b is renamed",
        "DO $$ BEGIN IF true THEN ALTER TABLE app.a RENAME COLUMN b TO c; END IF; END $$",
    ),
    (
        "INSERT INTO app.a VALUES (1)",
        "rows of app.a are inserted",
        "INSERT INTO app.a VALUES (1) ON CONFLICT DO NOTHING",
    ),
    (
        "INSERT INTO app.a SELECT 1",
        "rows of app.a are inserted",
        "INSERT INTO app.a SELECT 1 WHERE NOT EXISTS (SELECT FROM app.a)",
    ),
    (
        "DO $$ BEGIN CREATE TYPE app.t AS ENUM ('a'); END $$",
        "type app.t is made in a DO block",
        "DO $$ BEGIN CREATE TYPE app.t AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    ),
]
HIDING = "DO $$ BEGIN CREATE TABLE app.a (b int); EXCEPTION WHEN OTHERS THEN {} END $$"
# A way up, a way down that leaves something, what is said, and one that does not.
BACK = [
    (
        "CREATE TABLE app.a (b int); CREATE INDEX i ON app.a (b)",
        "SELECT 1",
        ["table app.a is made"],
        "DROP TABLE app.a",
    ),
    ("CREATE INDEX i ON app.a (b)", "DROP INDEX app.j", ["index app.i is made"], "DROP INDEX app.i"),
    ("CREATE INDEX i ON app.a (b)", "SELECT 1", ["index app.i is made"], "DROP TABLE app.a"),
    ("ALTER TABLE app.a ADD b int", "SELECT 1", ["column app.a.b is made"], "ALTER TABLE app.a DROP b"),
    (
        "ALTER TABLE app.a DROP b",
        "ALTER TABLE app.a DROP b",
        ["column app.a.b is dropped"],
        "ALTER TABLE app.a ADD b int",
    ),
    (
        "ALTER TABLE app.a ALTER b SET NOT NULL",
        "SELECT 1",
        ["column app.a.b is altered"],
        "ALTER TABLE app.a ALTER b DROP NOT NULL",
    ),
    ("DROP TABLE app.a", "DROP TABLE app.a", ["table app.a is dropped"], "CREATE TABLE app.a (b int)"),
    ("DROP INDEX app.i", "SELECT 1", ["index app.i is dropped"], "CREATE INDEX i ON app.a (b)"),
    ("ALTER TABLE app.a RENAME b TO c", "SELECT 1", ["column app.a.b is renamed"], "ALTER TABLE app.a RENAME c TO b"),
    ("INSERT INTO app.a VALUES (1)", "DELETE FROM app.b", ["rows of app.a are inserted"], "DELETE FROM app.a"),
    ("UPDATE app.a SET b = 1", "SELECT 1", ["rows of app.a are updated"], "UPDATE app.a SET b = 0"),
    ("DELETE FROM app.a", "SELECT 1", ["rows of app.a are deleted"], "INSERT INTO app.a VALUES (1)"),
    (
        "CREATE FUNCTION app.f() RETURNS int RETURN 1; CREATE VIEW app.v AS SELECT 1",
        "DROP VIEW app.v",
        ["function app.f is made"],
        "DROP VIEW app.v; DROP FUNCTION app.f()",
    ),
    (
        "CREATE OR REPLACE FUNCTION app.f() RETURNS int RETURN 2",
        "SELECT 1",
        ["function app.f is made"],
        "CREATE OR REPLACE FUNCTION app.f() RETURNS int RETURN 1",
    ),
]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(text: str, direction: str = "up") -> Script:
        path = tmp_path / f"1_x.{direction}.sql"
        path.write_text(text)
        return read_script(path)

    return put


def tell(found: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(each.rule, each.message) for each in found]


@pytest.mark.parametrize(("broken", "said", "mended"), TWICE, ids=[each[0] for each in TWICE])
def test_statement_that_does_not_run_twice_is_reported_until_it_does(
    write: Write, broken: str, said: str, mended: str
) -> None:
    assert tell(iter_repeat_findings(write(broken))) == [("L070", f"{said}, and not a second time.")]
    assert tell(iter_repeat_findings(write(mended))) == []


def test_finding_names_the_line_and_the_way_out(write: Write) -> None:
    (found,) = iter_repeat_findings(write("SELECT 1;\n\n-- about it\nCREATE TABLE app.a (b int);"))

    assert (found.line, found.object) == (4, "table app.a")
    assert found.hint == "Write CREATE TABLE IF NOT EXISTS, or DROP TABLE IF EXISTS."


@pytest.mark.parametrize("handler", ["NULL;", "RAISE NOTICE 'x';"])
def test_block_that_hides_every_error_is_reported_until_it_names_one(write: Write, handler: str) -> None:
    message = "WHEN OTHERS takes every error for the one that is expected, and goes on."

    assert tell(iter_repeat_findings(write(HIDING.format(handler)))) == [("L071", message)]
    assert tell(iter_repeat_findings(write(HIDING.replace("OTHERS", "duplicate_table").format(handler)))) == []
    assert tell(iter_repeat_findings(write(HIDING.format("RAISE;")))) == []


@pytest.mark.parametrize(("up", "short", "said", "whole"), BACK, ids=[each[0] for each in BACK])
def test_what_is_not_taken_back_is_reported_until_it_is(
    write: Write, up: str, short: str, said: list[str], whole: str
) -> None:
    script = write(up)

    assert tell(iter_undo_findings(script, write(short, "down"))) == [
        ("L073", f"{each}, and 1_x.down.sql does not take that back.") for each in said
    ]
    assert tell(iter_undo_findings(script, write(whole, "down"))) == []


def test_reason_for_nothing_to_undo_is_enough(write: Write) -> None:
    up = write("UPDATE app.a SET b = 1")

    assert tell(iter_undo_findings(up, write("-- nothing to undo: b was wrong", "down"))) == []


def test_what_is_dropped_to_be_made_anew_is_made(write: Write) -> None:
    up = write("DROP VIEW IF EXISTS app.v; CREATE VIEW app.v AS SELECT 1")

    assert tell(iter_undo_findings(up, write("DROP VIEW IF EXISTS app.v", "down"))) == []


def test_what_is_no_sql_is_left_to_another_rule(write: Write) -> None:
    assert tell(iter_repeat_findings(write("SELEKT 1; CREATE TABLE IF NOT EXISTS app.a (b int)"))) == []
