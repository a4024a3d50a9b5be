"""Each service runs what SQLite's grammar has on two databases that differ in what it may not read: no answer does."""

from __future__ import annotations

import pytest
from django.db import connection

from freehold.services import make_acting
from tests.attacks.sqlite.grammar import Grammar
from tests.attacks.sqlite.twins import SENTINEL, making_twins

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

SEED, STATEMENTS = 20260714, 3_000
LIST_TABLES = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
VIEWS = ["app.people", "app.hashes", "app.natural", "app.using", "app.nested"]


@pytest.mark.parametrize("service", ["web", "api", "admin"])
def test_statement_shows_nothing_of_what_is_closed(service: str, request: pytest.FixtureRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LIST_TABLES)
        tables = [text for (text,) in cursor.fetchall()]
    leaks = []
    with making_twins(make_acting(service), tables) as twins:
        grammar = Grammar(twins.open_columns, VIEWS, SEED)
        for _ in range(STATEMENTS):
            statement = grammar.make_statement()
            one, other = twins.try_out(statement)
            if one != other or SENTINEL + " A" in repr(one):
                leaks.append((statement, one, other))
    request.node.user_properties.append(("attempts", STATEMENTS))

    assert leaks == []
    assert min(twins.counts.get(kind, 0) for kind in ("rows", "refused")) > STATEMENTS // 50
