"""Both parsers that may be installed are PostgreSQL's own: what the lints read of a text is the same with either."""

from __future__ import annotations

from typing import Any

import pytest

from config.ownership import OWNERSHIP
from freehold_lint import parsing
from freehold_lint.effects import list_effects
from freehold_lint.migrations.sql_changes import list_statements, read_statement
from freehold_lint.texts import iter_sources
from freehold_lint.uses import list_uses
from tests.freehold_lint.migrations.cases import STATEMENTS
from tests.freehold_lint.test_undoing import BACK, HIDING, TWICE

LATER = ("VIRTUAL", "ADD NOT NULL", "NOT NULL size")  # PostgreSQL 18's, which pgparse does not know
# pglast's reader of PL/pgSQL knows no variable of a type with its schema, and no RETURN without a value.
BODIES = ("newest seal.ticket_key;", "        RETURN;\n", "DECLARE c app.colour;")
TEXTS = sorted(
    {
        *(statement for statement, _ in STATEMENTS),
        *(text for broken, _, mended in TWICE for text in (broken, mended)),
        *(text for up, down, _, back in BACK for text in (up, down, back)),
        HIDING.format("NULL;"),
        "SELECT a, %s, '%%' FROM app.t WHERE b = %(b)s",
        *(source.text for source in iter_sources(OWNERSHIP) if not source.is_sqlite),
    }
)


def read(text: str) -> tuple[Any, ...]:
    changes = [(each.first, each.last, each.text, read_statement(each)) for each in list_statements(text)]
    return changes, list_effects(text), list_uses(text, OWNERSHIP.schema_names)


@pytest.fixture(params=["pglast", "pgparse"])
def with_one(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One parser alone, by its name."""
    monkeypatch.setitem(__import__("sys").modules, ({"pglast", "pgparse"} - {request.param}).pop(), None)
    monkeypatch.setattr(parsing, "load_parsers", parsing.load_parsers.__wrapped__)
    return str(request.param)


@pytest.mark.parametrize("text", [each for each in TEXTS if not any(word in each for word in (*LATER, *BODIES))])
def test_text_is_read_as_the_same_with_either_parser(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = read(text)
    monkeypatch.setitem(__import__("sys").modules, "pglast", None)
    monkeypatch.setattr(parsing, "load_parsers", parsing.load_parsers.__wrapped__)

    assert read(text) == expected


def test_what_is_no_sql_is_refused_at_its_place(with_one: str) -> None:
    with pytest.raises(parsing.StatementError) as caught:
        parsing.parse("SELECT 1;\nSELEKT 2")

    assert (str(caught.value), caught.value.place) == ('syntax error at or near "SELEKT"', 10)
