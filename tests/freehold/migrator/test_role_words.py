"""Which statements may leave a migration's role, by their words and by their kind."""

from __future__ import annotations

import pytest

from freehold.migrator.role_words import find_role_words, may_become

BODY = "CREATE FUNCTION app.f(a int DEFAULT 1) RETURNS int LANGUAGE sql STABLE AS $x$ SELECT 1; $x$"


@pytest.mark.parametrize(
    "statement",
    [
        BODY,
        f"\n{BODY} SET search_path = pg_catalog, pg_temp;\n",
        "create or replace procedure app.p() language plpgsql as $$ BEGIN EXECUTE 'SET ROLE x'; END $$",
        "CREATE TRIGGER t BEFORE UPDATE ON app.items FOR EACH ROW EXECUTE FUNCTION app.f()",
        "REVOKE EXECUTE ON FUNCTION app.f() FROM PUBLIC",
        "DROP FUNCTION app.f();",
    ],
)
def test_statement_by_which_nothing_runs_leaves_the_role(statement: str) -> None:
    assert not may_become(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT app.f()",
        f"{BODY}; SELECT app.f()",
        f"{BODY}; CREATE FUNCTION app.g() RETURNS int LANGUAGE sql AS $x$ SELECT 1 $x$; DO $y$ BEGIN END $y$",
        "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT app.f(); SELECT $$ $$",
        "GRANT USAGE ON SCHEMA app TO x; SELECT app.f()",
        "DO $$ BEGIN PERFORM app.f(); END $$",
        "ALTER TABLE app.items ADD COLUMN n int DEFAULT app.f()",
        "DROP TABLE app.items",
    ],
)
def test_statement_that_may_run_a_function_may_leave_the_role(statement: str) -> None:
    assert may_become(statement)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SET ROLE x", "SET ROLE"),
        ('SET"role"TO x', 'SET "ROLE"'),
        ("SET/* a */ROLE x", "SET ROLE"),
        ("SET -- a\nLOCAL\nROLE x", "SET LOCAL ROLE"),
        ("SET SESSION/**/AUTHORIZATION x", "SET SESSION AUTHORIZATION"),
        ("RESET--\nALL", "RESET ALL"),
        ("RESET\tSESSION\nAUTHORIZATION", "RESET SESSION AUTHORIZATION"),
        ("DISCARD/**/ALL", "DISCARD ALL"),
        ("SELECT set_config($$role$$, 'x', true)", "SET_CONFIG('ROLE'"),
        ("SELECT set_config(E'ROLE', 'x', true)", "SET_CONFIG('ROLE'"),
        ("SELECT role FROM app.memberships", ""),
        ("UPDATE app.memberships SET role = 'owner'", ""),
        ("DO $$ BEGIN SET LOCAL ROLE x; END $$", "SET LOCAL ROLE"),
    ],
)
def test_words_that_set_a_role_are_found_however_they_are_spaced(statement: str, words: str) -> None:
    assert find_role_words(statement) == words
