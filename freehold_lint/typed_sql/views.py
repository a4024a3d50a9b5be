"""Views that show a table as it is: their columns are what they are in the table, NOT NULL and keys too.

PostgreSQL says of no view's column that it can't be NULL; a release that knows a table by the name that it had before
it moved reads it through such a view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from freehold_lint.parsing import list_words, parse

if TYPE_CHECKING:
    from freehold_lint.typed_sql.catalogue import Table

_PLAIN: Final = {"targetList", "fromClause", "limitOption", "op"}  # what a SELECT without a condition has


def read_names(table: Table, text: str) -> dict[str, str]:
    """Give the table's columns by the view's; empty where the view is more than that."""
    (statement,) = parse(text)
    node: dict[str, Any] = statement.get("SelectStmt", {})
    sources = node.get("fromClause", [])
    if node.keys() - _PLAIN or len(sources) != 1 or sources[0].get("RangeVar", {}).get("relname") != table[1]:
        return {}
    targets = [each["ResTarget"] for each in node.get("targetList", [])]
    columns = [(each, list_words(each["val"]["ColumnRef"]["fields"])) for each in targets if "ColumnRef" in each["val"]]
    return {each.get("name") or words[-1]: words[-1] for each, words in columns}
