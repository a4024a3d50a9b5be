"""Files of kind `load`: an INSERT of one row, whose columns and values the run time writes for many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from freehold.queries.joining import join
from freehold.queries.loading import write_segments
from freehold.queries.values import Parameter, Segment
from freehold_lint.parsing import Tree
from freehold_lint.typed_sql.catalogue import Attribute, Catalogue
from freehold_lint.typed_sql.pieces import Piece, merge
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import Statement

FORM = "a load is `INSERT INTO app.items (id, name) VALUES (@id, @name)`, each parameter called as its column"


def list_loaded(source: Source, tree: Tree, catalogue: Catalogue) -> dict[str, Attribute]:
    """Give the columns that a load inserts, by name.

    Raises:
        TypedSQLError: it is no such INSERT.
    """
    node = tree.get("InsertStmt", {})
    names = [each["ResTarget"]["name"] for each in node.get("cols", [])]
    rows = node.get("selectStmt", {}).get("SelectStmt", {}).get("valuesLists", [])
    is_plain = len(rows) == 1 and all("ParamRef" in each for each in rows[0]["List"]["items"])
    if not is_plain or names != _list_values(source) or set(names) != set(source.parameters):
        raise source.fail(source.pieces[0].line, FORM)
    table = node["relation"].get("schemaname", ""), node["relation"]["relname"]
    found = {name: catalogue.find(*table, name) for name in names}
    return {name: each for name, each in found.items() if each}


def _list_values(source: Source) -> list[str]:
    """Give the parameters between the brackets behind VALUES."""
    _, values = find_brackets(source.pieces)
    return [each.text for each in source.pieces[slice(*values)] if each.role == "parameter"]


def find_brackets(pieces: Iterable[Piece]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Give from where to where the columns' brackets go, both among it, and VALUES with its own."""
    pairs: list[tuple[int, int]] = []
    begin, depth, values = 0, 0, 0
    for place, each in enumerate(pieces):
        text = each.text.lower() if not each.role else ""
        values = place if text == "values" and not depth else values
        begin = place if text == "(" and not depth else begin
        depth += {"(": 1, ")": -1}.get(text, 0)
        if text == ")" and not depth:
            pairs.append((begin, place + 1))
    first, second = (*pairs, (0, 0), (0, 0))[:2]
    return first, (values, second[1])


def write_load(source: Source, types: Mapping[str, str]) -> Statement:
    """Give the statement that runs on PostgreSQL, of all columns, as the run time writes it. Types are by parameter."""
    segments = [Segment(each.text, role=each.role, line=each.line) for each in merge(cut_load(source.pieces))]  # type: ignore[arg-type]
    parameters = [Parameter(name, kind) for name, kind in types.items()]
    joined = join(write_segments(segments, parameters, tuple(types), "postgresql"), parameters, "postgresql")
    return Statement(joined.text, [each.name for each in joined.parameters], list(joined.lines))


def cut_load(pieces: tuple[Piece, ...]) -> list[Piece]:
    """Give the statement with the places where the run time writes names and rows."""
    (begin, end), (start, stop) = find_brackets(pieces)
    line = pieces[begin].line
    columns, rows = Piece("", line, role="columns"), Piece("", pieces[start].line, role="rows")
    return [
        *pieces[: begin + 1],
        columns,
        replace(pieces[end - 1], line=line),
        *pieces[end:start],
        rows,
        *pieces[stop:],
    ]
