"""Nested rows: None where one outer join found nothing, and otherwise a row whose fields may be None."""

from __future__ import annotations

import re

import pytest

from freehold_lint.typed_sql.rows import iter_rows
from freehold_lint.typed_sql.types import Imports
from tests.freehold_lint.typed_sql.conftest import Compile

pytestmark = pytest.mark.postgresql
ONE = "FROM app.items AS i LEFT JOIN master.locations AS l ON l.id = i.location_id"
TWO = f"{ONE} LEFT JOIN app.favorites AS f ON f.item_id = i.id"
INSIDE = (
    "FROM app.items AS i LEFT JOIN (app.favorites AS f LEFT JOIN master.locations AS l ON l.id = f.item_id) "
    "ON f.item_id = i.id"
)

NESTS = [
    (
        'l.id AS "place.id", l.population AS "place.population"',
        ONE,
        {"": "place: ShowPlaceRow | None", "Place": "id: UUID, population: int | None"},
    ),
    ('l.population AS "place.population"', ONE, {"": "place: ShowPlaceRow", "Place": "population: int | None"}),
    (
        'l.id AS "both.id", f.item_id AS "both.item"',
        TWO,
        {"": "both: ShowBothRow", "Both": "id: UUID | None, item: UUID | None"},
    ),
    (
        'l.id AS "place.id", i.id AS "place.item"',
        ONE,
        {"": "place: ShowPlaceRow", "Place": "id: UUID | None, item: UUID"},
    ),
    (
        """l.id AS "place.id", coalesce(l.population, 0) AS "place.population\"""",
        ONE,
        {"": "place: ShowPlaceRow", "Place": "id: UUID | None, population: int"},
    ),
    # a nest in a nest
    (
        'l.id AS "place.inner.id"',
        ONE,
        {"": "place: ShowPlaceRow | None", "Place": "inner: ShowPlaceInnerRow", "PlaceInner": "id: UUID"},
    ),
    (
        'f.item_id AS "f.item", l.id AS "f.place.id", l.population AS "f.place.population"',
        INSIDE,
        {
            "": "f: ShowFRow | None",
            "F": "item: UUID, place: ShowFPlaceRow | None",
            "FPlace": "id: UUID, population: int | None",
        },
    ),
    (
        'f.item_id AS "f.item", l.id AS "f.place.id"',
        TWO,
        {"": "f: ShowFRow", "F": "item: UUID | None, place: ShowFPlaceRow | None", "FPlace": "id: UUID"},
    ),
    (
        'i.id AS "a.id", l.id AS "a.b.c.id", l.population AS "a.b.population"',
        ONE,
        {"": "a: ShowARow", "A": "id: UUID, b: ShowABRow | None", "AB": "c: ShowABCRow, population: int | None"},
    ),
    # by way of a name of WITH, and read twice
    (
        'p.id AS "place.id", q.id AS "other.id", p.id AS "both.a", q.id AS "both.b"',
        "FROM q AS p JOIN q ON true",
        {"": "place: ShowPlaceRow | None, other: ShowOtherRow | None, both: ShowBothRow", "Place": "id: UUID"},
    ),
]


@pytest.mark.parametrize(("columns", "source", "structs"), NESTS)
def test_nested_row_has_its_type(compile_text: Compile, columns: str, source: str, structs: dict[str, str]) -> None:
    made = f"WITH q AS (SELECT l.id {ONE}) " if "FROM q" in source else ""
    compiled = compile_text(f"{made}SELECT {columns} {source}\n")

    texts = dict(iter_rows(compiled, Imports()))

    found = {name: ", ".join(re.findall(r"^    (\w+: .+)$", texts[f"Show{name}Row"], re.MULTILINE)) for name in structs}
    assert found == structs


def test_part_with_an_outer_join_makes_no_other_nest(compile_text: Compile) -> None:
    compiled = compile_text(
        'SELECT l.id AS "place.id"\nFROM app.items AS i\nLEFT JOIN master.locations AS l ON l.id = i.location_id\n'
        "-- if: liked\nRIGHT JOIN app.favorites AS f ON f.item_id = i.id\n-- end\n"
    )

    texts = dict(iter_rows(compiled, Imports()))

    assert "place: ShowPlaceRow\n" in texts["ShowRow"] + "\n"
    assert "id: UUID | None" in texts["ShowPlaceRow"]
