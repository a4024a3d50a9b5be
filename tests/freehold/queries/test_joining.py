"""What segments become: each combination of parts, sorts and pages is one statement, known before it runs."""

from __future__ import annotations

import pytest

from freehold.queries import Parameter, Segment, Sort
from freehold.queries.joining import Combination, iter_combinations, join, list_own
from tests.freehold.queries.statements import LIST_ITEMS


def test_parts_that_are_left_out_leave_no_word_and_no_parameter() -> None:
    bare = LIST_ITEMS.join("postgresql", Combination(sort="newest"))
    full = LIST_ITEMS.join("postgresql", Combination(frozenset({"category_id", "price"}), "newest"))

    assert bare.text.endswith("WHERE i.is_active\nORDER BY i.created_at DESC, i.id DESC\nLIMIT $1")
    assert [each.name for each in bare.parameters] == ["page.limit"]
    assert "AND i.category_id = $1\nAND i.price >= $2 AND i.price <= $3\nORDER BY" in full.text


@pytest.mark.parametrize(
    ("sort", "condition"),
    [
        ("newest", "AND (i.created_at, i.id) < ($1, $2)"),
        ("cheapest", "AND (i.price >= $1 AND (i.price > $1 OR (i.price = $1 AND (i.id < $2))))"),
    ],
)
def test_next_page_compares_rows_where_all_directions_are_the_same(sort: str, condition: str) -> None:
    found = LIST_ITEMS.join("postgresql", Combination(sort=sort, is_next=True))

    assert condition in found.text.splitlines()
    assert found.text.endswith("LIMIT $3")


def test_one_sort_column_is_compared_by_itself() -> None:
    sort = Sort((("i.id", "uuid", "ASC"),), (0,))
    segments = (
        Segment("SELECT i.id FROM app.items i WHERE true"),
        Segment("", role="after"),
        Segment("", role="order"),
    )

    found = join(segments, (), "sqlite", Combination(sort="id", is_next=True), sort, is_paged=True)

    assert found.text == "SELECT i.id FROM app.items i WHERE true\nAND i.id > ?1\nORDER BY i.id ASC\nLIMIT ?2"


def test_same_parameter_is_one_number_and_braces_stay() -> None:
    segments = (Segment("SELECT '{{}}'::jsonb, {a}::text, {b}::int4, {a}::text"),)

    found = join(segments, (Parameter("a", "text"), Parameter("b", "int4")), "postgresql")

    assert found.text == "SELECT '{}'::jsonb, $1::text, $2::int4, $1::text"
    assert [each.name for each in found.parameters] == ["a", "b"]


def test_closed_set_has_each_combination_once() -> None:
    found = list(iter_combinations(LIST_ITEMS.segments, LIST_ITEMS.sorts, is_paged=True))

    assert len(found) == len(set(found)) == 2**3 * 2 * 2


def test_line_of_the_file_is_found_over_segments() -> None:
    found = LIST_ITEMS.join("postgresql", Combination(frozenset({"price"}), "newest"))

    assert [found.find_line(found.text.index(word)) for word in ("SELECT", "LEFT", "i.price <=", "ORDER")] == [
        7,
        11,
        17,
        23,
    ]


def test_part_owns_what_no_other_segment_names() -> None:
    segments = (Segment("WHERE a = {a}"), Segment("AND b = {b} AND c = {a}", part="b"), Segment("AND d", part="d"))

    assert (list_own(segments, "b"), list_own(segments, "d")) == (["b"], [])
