"""Scripts are cut where psql cuts them, and nothing of them gets lost."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from freehold.lexer import ScriptError, iter_tokens
from freehold.scripts.cutting import Statement, iter_statements, list_statements

WHOLE = {
    "line comment": "SELECT 1 -- a; b\n, 2",
    "block comment": "SELECT 1 /* a; b */, 2",
    "nested comment": "SELECT 1 /* a /* b; */ c; */, 2",
    "text": "SELECT 'a;''b;'",
    "escaped text": r"SELECT E'a\';b'",
    "name": 'SELECT "a;""b;"',
    "dollars": "SELECT $$a;b$$",
    "tagged dollars": "SELECT $x$ a; $$ b; $y$ c; $x$",
    "dollars in a name": "SELECT a$b$c FROM d$b$e",
    "parentheses": "CREATE RULE r AS ON DELETE TO app.a DO (SELECT 1; SELECT 2)",
    "body": "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END",
    "body with CASE": "CREATE OR REPLACE PROCEDURE app.f() BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END",
    "trigger of SQLite": "CREATE TRIGGER t AFTER INSERT ON app.a BEGIN DELETE FROM app.b; SELECT 1; END",
    "case of a parameter": 'CREATE FUNCTION app.f(begin int, "end" int) RETURNS int LANGUAGE sql RETURN 1',
    "column called begin": "CREATE PROCEDURE app.f() BEGIN ATOMIC SELECT a.begin FROM app.a; SELECT 2; END",
    "column called case": "CREATE PROCEDURE app.f() BEGIN ATOMIC SELECT 1 AS case; END",
    "escaped text in lines": "SELECT E'a' -- it's\n 'b\\';'",
    "dollars of another alphabet": "SELECT $é$;$e$;$é$",
    "trigger that asks": "CREATE TEMP TRIGGER a AFTER UPDATE OF b ON begin BEGIN SELECT CASE 1 WHEN 2 THEN 3 END; END",
}
PIECES = [
    "a",
    ";",
    "'",
    '"',
    "$",
    "$x$",
    "--",
    "/*",
    "*/",
    "\n",
    " ",
    "(",
    ")",
    "E'",
    "\\",
    "BEGIN",
    "END",
    "1",
    "é",
    "CREATE ",
    "FUNCTION ",
    "ATOMIC",
    "CASE",
    "\r",
]


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_semicolon_inside_ends_nothing(text: str) -> None:
    assert [each.text for each in list_statements(f"SELECT 0; {text} ; SELECT 3")] == ["SELECT 0", text, "SELECT 3"]


def test_transaction_s_begin_is_no_body() -> None:
    assert [each.text for each in list_statements("BEGIN; SELECT 1; END;")] == ["BEGIN", "SELECT 1", "END"]


def test_column_called_begin_is_no_body() -> None:
    assert len(list_statements("ALTER TABLE app.a ADD COLUMN begin int; SELECT 1")) == 2


def test_line_is_that_of_the_first_word() -> None:
    found = list_statements("\n-- about it\n\nSELECT 1;\n\n/* on\ntwo lines */ SELECT\n2;;\n;SELECT 3\n")

    assert [(each.line, each.text) for each in found] == [(4, "SELECT 1"), (7, "SELECT\n2"), (9, "SELECT 3")]


def test_head_has_the_first_words_in_capitals() -> None:
    assert list_statements("create /* x */ Unique\n index i on app.a (b)")[0].head == "CREATE UNIQUE INDEX I ON APP"


@pytest.mark.parametrize("script", ["", " \n", "-- nothing", "/* nothing */", ";;\n;"])
def test_script_without_a_statement_is_an_empty_list(script: str) -> None:
    assert list_statements(script) == []


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("SELECT 1;\nSELECT 'a", "line 2: a text in quotes has no end"),
        ('SELECT 1;\n\nSELECT "a', "line 3: a name in quotes has no end"),
        ("SELECT 1; /* a /* b */", "line 1: a comment has no end"),
        ("\nDO $x$ a $$ b", "line 2: what begins with $x$ has no end"),
    ],
)
def test_what_has_no_end_is_named_with_its_line(script: str, message: str) -> None:
    with pytest.raises(ScriptError) as caught:
        list_statements(script)

    assert str(caught.value) == message


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_tokens_are_the_whole_script(script: str) -> None:
    try:
        tokens = list(iter_tokens(script))
    except ScriptError:
        return
    assert "".join(token.text for token in tokens) == script
    assert all(token.text for token in tokens)


@given(st.lists(st.sampled_from(PIECES)).map("".join), st.integers(1, 9))
def test_script_in_pieces_is_cut_as_the_whole(script: str, size: int) -> None:
    assert cut([script[at : at + size] for at in range(0, len(script), size)]) == cut([script])


@pytest.mark.parametrize(
    "script", ["E'one'\n'it\\'s; two'; 3", "E'a' --k\n'it\\'s'; 2", "-- x\nSELECT E'a'\r\n'b\\';'"]
)
def test_text_that_goes_on_behind_a_piece_is_cut_as_the_whole(script: str) -> None:
    for at in range(1, len(script)):
        assert cut([script[:at], script[at:]]) == cut([script])


def cut(pieces: list[str]) -> list[Statement | str]:
    """Give the statements, and the error where one ends them."""
    found: list[Statement | str] = []
    try:
        found += iter_statements(iter(pieces))
    except ScriptError as error:
        return [str(error)]
    return found


def test_backslash_is_psql_s() -> None:
    with pytest.raises(ScriptError) as caught:
        list_statements("SELECT 1;\n\\d app.a")

    assert str(caught.value) == "line 2: a backslash begins a command of psql's, which has no place here"
    assert caught.value.advice == "take it out"


def test_lone_carriage_return_ends_a_comment() -> None:
    assert [each.text for each in list_statements("SELECT 1; -- a\rCOMMIT")] == ["SELECT 1", "COMMIT"]
