"""The example of docs/identity.md works as it stands there: its SQL, its map and its function of Python."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import RequestFactory

from freehold import ANONYMOUS
from freehold.ownership.proofs import write_asking
from freehold.ownership.validation import list_problems
from tests.freehold.estates import get_server, make_tag, open_database

PAGE = Path(__file__).resolve().parents[2] / "docs" / "identity.md"
PERSON = "00000000-0000-4000-8000-00000000000a"


def read_blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def run_python(number: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    exec(read_blocks("python")[number], found)
    return found


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def database(db: None) -> Iterator[psycopg.Connection]:
    """A database with what the page's SQL makes, and one badge."""
    with (
        open_database(get_server(), make_tag()) as parameters,
        psycopg.connect(**parameters, autocommit=True) as connection,
    ):
        connection.execute("CREATE SCHEMA people")
        connection.execute(read_blocks("sql")[0])
        row = [digest(digest("gold")), PERSON]
        connection.execute("INSERT INTO people.badge VALUES (%s, %s, now() + interval '1 hour')", row)
        yield connection


def show(connection: psycopg.Connection, proof: str) -> str | None:
    """Give whom the database finds by a proof."""
    with connection.transaction():
        connection.execute("SELECT set_config('freehold.proof', %s, true)", [proof])
        row = connection.execute("SELECT people.person_of_badge()::text").fetchone()
        return row[0] if row else None


@pytest.mark.postgresql
def test_function_of_the_page_finds_whose_badge_it_is(database: psycopg.Connection) -> None:
    request = RequestFactory().get("/", headers={"X-Badge": "gold"})
    shown = run_python(1)["identify"](request)

    assert show(database, shown.proof) == PERSON
    for wrong in ("", "badge:", f"badge:{digest('brass')}", shown.proof.upper(), shown.proof + "\n", f"badge:{PERSON}"):
        assert show(database, wrong) is None
    database.execute("UPDATE people.badge SET ends_at = now()")
    assert show(database, shown.proof) is None


def test_visitor_without_a_badge_is_nobody() -> None:
    assert run_python(1)["identify"](RequestFactory().get("/")) == ANONYMOUS


def test_map_of_the_page_is_right_and_asks_the_function() -> None:
    ownership = run_python(0)["OWNERSHIP"]

    assert list_problems(ownership) == []
    assert write_asking(ownership, "user") == '"people"."person_of_badge"()'
