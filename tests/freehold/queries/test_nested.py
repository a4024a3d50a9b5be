"""Nested rows and lists as a service reads them, on both dialects, as Python's values and as JSON."""

from __future__ import annotations

import enum
import json
import math
from typing import Any
from uuid import UUID

import msgspec
import pytest

from freehold.queries import Column, Query, ResultError, Segment
from tests.freehold.queries.statements import make
from tests.items.factories import make_item
from tests.master.factories import make_location
from tests.rls import as_nobody

pytestmark = pytest.mark.django_db


class Inner(msgspec.Struct, frozen=True):
    id: UUID


class Outer(msgspec.Struct, frozen=True):
    inner: Inner
    population: int | None


class Loose(msgspec.Struct, frozen=True):
    id: UUID | None
    slug: str


class Document(msgspec.Struct, frozen=True):
    data: Any


class NestedRow(msgspec.Struct, frozen=True):
    name: str
    outer: Outer | None
    loose: Loose
    document: Document | None
    maybe: Loose


NESTED: Query[NestedRow] = make(
    "nested",
    "many",
    (
        Segment(
            "SELECT i.name, l.id, l.population, l.id, c.slug,\n"
            "    CASE WHEN l.id IS NOT NULL THEN '{{\"a\": 1}}' END AS data, l.id, c.slug\n"
            "FROM app.items i\nJOIN master.categories c ON c.id = i.category_id\n"
            "LEFT JOIN master.locations l ON l.id = i.location_id\nORDER BY i.name",
        ),
    ),
    NestedRow,
    columns=(
        Column("name", "varchar"),
        Column("outer.inner.id", "uuid"),
        Column("outer.population", "int4"),
        Column("loose.id", "uuid"),
        Column("loose.slug", "varchar"),
        Column("document.data", "text"),
        Column("maybe.id", "uuid"),
        Column("maybe.slug", "varchar"),
    ),
)


def test_nest_in_a_nest_is_none_with_what_holds_it() -> None:
    bare, placed = make_item(name="a"), make_item(name="b", location=make_location(population=None))
    location, slug = placed.location, bare.category.slug
    assert location
    with as_nobody():
        rows = NESTED.fetch_many({})
        found = json.loads(NESTED.fetch_many_json({}))

    document = Document('{"a": 1}')
    known, unknown = Loose(location.id, placed.category.slug), Loose(None, slug)
    assert rows == [
        NestedRow("a", None, unknown, None, unknown),
        NestedRow("b", Outer(Inner(location.id), None), known, document, known),
    ]
    assert [each["outer"] for each in found] == [None, {"inner": {"id": str(location.id)}, "population": None}]
    assert found[0]["loose"] == {"id": None, "slug": slug}


class Size(enum.Enum):
    SMALL = "small"


class Note(msgspec.Struct, frozen=True):
    text: str


class ListsRow(msgspec.Struct, frozen=True):
    documents: list[Any]
    notes: list[Note | None]
    sizes: list[Size | None]
    nothing: list[Note] | None


def make_lists(notes: str = '{"text": "n"}') -> Query[ListsRow]:
    texts = f"""'{{"a": [1]}}', NULL, 'null', '"s"', '{notes}'""".split(", ", 4)
    return Query(
        "lists.sql",
        "one",
        (
            Segment(
                f"SELECT ARRAY[{', '.join(texts[:4])}]::jsonb[], ARRAY[{texts[4]}, NULL]::jsonb[], "
                "ARRAY['small', NULL], NULL::jsonb[]".replace("{", "{{").replace("}", "}}")
            ),
        ),
        ListsRow,
        (
            Segment(
                f"SELECT json_array({', '.join(texts[:4])}), json_array(json({texts[4]}), NULL), "
                "json_array('small', NULL), NULL".replace("{", "{{").replace("}", "}}")
            ),
        ),
        columns=(
            Column("documents", "jsonb[]"),
            Column("notes", "jsonb[]"),
            Column("sizes", "text[]"),
            Column("nothing", "jsonb[]"),
        ),
    )


def test_documents_in_a_list_become_what_their_field_says() -> None:
    documents = [{"a": [1]}, None, None, "s"]
    with as_nobody():
        row = make_lists().fetch_one({})
        found = json.loads(make_lists().fetch_one_json({}))

    assert row == ListsRow(documents, [Note("n"), None], [Size.SMALL, None], None)
    assert found == {"documents": documents, "notes": [{"text": "n"}, None], "sizes": ["small", None], "nothing": None}


def test_document_in_a_list_that_does_not_fit_is_named() -> None:
    with as_nobody(), pytest.raises(ResultError) as caught:
        make_lists('{"other": "secret"}').fetch_one({})

    assert str(caught.value) == "lists.sql:1: column notes holds what its field's type does not take"


class FloatsRow(msgspec.Struct, frozen=True):
    mark: float
    marks: list[float | None]


def make_floats(postgresql: str, sqlite: str) -> Query[FloatsRow]:
    return Query(
        "floats.sql",
        "one",
        (Segment(f"SELECT {postgresql}"),),
        FloatsRow,
        (Segment(f"SELECT {sqlite}"),),
        columns=(Column("mark", "float8"), Column("marks", "float8[]")),
    )


@pytest.mark.parametrize(
    ("postgresql", "sqlite", "name"),
    [
        ("'Infinity'::float8, '{{1,NULL}}'::float8[]", "9e999, '[1, null]'", "mark"),
        ("1::float8, '{{1,NULL,-Infinity}}'::float8[]", "1.0, '[1, null, -Infinity]'", "marks"),
    ],
)
def test_json_has_no_infinity(postgresql: str, sqlite: str, name: str) -> None:
    query = make_floats(postgresql, sqlite)
    with as_nobody():
        row = query.fetch_one({})
        with pytest.raises(ResultError) as caught:
            query.fetch_one_json({})

    assert math.inf in (row.mark, -(row.marks[-1] or 0))
    assert str(caught.value) == (
        f"floats.sql:1: column {name} holds NaN or infinity, which JSON does not have: select NULL in its place"
    )


def test_json_has_other_numbers() -> None:
    with as_nobody():
        found = make_floats("1.5::float8, '{{1,NULL}}'::float8[]", "1.5, '[1, null]'").fetch_one_json({})

    assert found == b'{"mark":1.5,"marks":[1.0,null]}'


@pytest.mark.sqlite
@pytest.mark.parametrize("text", ["'{{\"a\": NaN}}'", "'{{'", "1"])
def test_json_that_is_none_is_not_handed_out(text: str) -> None:
    segments = (Segment(f"SELECT {text}"),)
    query: Query[Document] = Query("data.sql", "one", segments, Document, columns=(Column("data", "jsonb"),))
    with as_nobody(), pytest.raises(ResultError) as caught:
        query.fetch_one_json({})

    assert str(caught.value) == ("data.sql:1: column data has a value that is no jsonb: run manage.py compilesql")
