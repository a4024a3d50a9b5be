"""What a file's parts, orders and pages make of its text."""

from __future__ import annotations

from pathlib import Path

from freehold_lint.typed_sql.sources import Source, read_source
from freehold_lint.typed_sql.statements import Choice, list_choices, write_statement

TEXT = """\
-- name: list_items
-- kind: many
-- purpose: items on offer,
--   the newest first
-- sort: newest = i.created_at DESC, i.id DESC
-- sort: cheapest = i.price, i.id DESC
-- page: 50 200
SELECT i.id, '@no' AS note -- of no concern: @nothing
FROM app.items AS i
WHERE i.is_active AND i.tags @> '{}' AND i.price < @most + 1
-- if: category_id
    AND i.category_id = @category_id
-- end
-- after
ORDER BY i.id;
"""


def make_source(tmp_path: Path, text: str = TEXT) -> Source:
    path = tmp_path / "list_items.sql"
    path.write_text(text)
    return read_source(path)


def test_header_goes_on_in_lines_that_begin_with_blanks(tmp_path: Path) -> None:
    assert make_source(tmp_path).header.purpose == "items on offer, the newest first"


def test_choices_are_parts_by_orders_by_pages(tmp_path: Path) -> None:
    choices = list_choices(make_source(tmp_path))

    assert len(choices) == 2 * 2 * 2
    assert choices[0] == Choice(frozenset({"category_id"}), "newest")


def test_statement_has_its_parts_its_order_and_a_limit(tmp_path: Path) -> None:
    statement = write_statement(make_source(tmp_path), Choice(frozenset({"category_id"}), "newest"))

    assert " ".join(statement.text.split()) == (
        "SELECT i.id, '@no' AS note FROM app.items AS i WHERE i.is_active AND i.tags @> '{}' AND i.price < $1 + 1 "
        "AND i.category_id = $2 ORDER BY i.created_at DESC, i.id DESC LIMIT $3"
    )
    assert statement.parameters == ["most", "category_id", "page.limit"]


def test_next_page_compares_rows_where_directions_are_one(tmp_path: Path) -> None:
    statement = write_statement(make_source(tmp_path), Choice(frozenset(), "newest", is_next=True))

    assert "AND (i.created_at, i.id) < ($2, $3)" in statement.text


def test_next_page_is_spelled_out_where_directions_differ(tmp_path: Path) -> None:
    statement = write_statement(make_source(tmp_path), Choice(frozenset(), "cheapest", is_next=True))

    assert "AND (i.price >= $2 AND (i.price > $2 OR (i.price = $2 AND (i.id < $3))))" in statement.text


def test_place_in_a_statement_has_the_line_of_its_file(tmp_path: Path) -> None:
    statement = write_statement(make_source(tmp_path), Choice(frozenset({"category_id"}), "newest"))

    assert statement.find_line(statement.text.index("i.category_id")) == 12
    assert statement.find_line(statement.text.index("app.items")) == 9
    assert statement.find_line(statement.text.index("ORDER")) == 5
