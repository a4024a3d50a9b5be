"""Reads what a SQLite file holds, also where a table's text is more than Django's reader of collations takes."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db.backends.sqlite3 import introspection

_COLLATED: Final = re.compile(r'"((?:[^"]|"")+)"\s+\w+(?:\([^)]*\))?[^,"]*?\sCOLLATE\s+"?(\w+)', re.IGNORECASE)
_TABLE: Final = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s"


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    """Django's own, but for that."""

    def _get_column_collations(self, cursor: Any, table_name: str) -> dict[str, str]:
        """Give the columns' collations. Django cuts the text at each `, `, and stumbles over a check that has one
        between short arguments, as of a time with a number of days more."""
        try:
            found: dict[str, str] = super()._get_column_collations(cursor, table_name)  # type: ignore[misc]
        except IndexError:
            (text,) = cursor.execute(_TABLE, [table_name]).fetchone()
            found = {name.replace('""', '"'): collation for name, collation in _COLLATED.findall(text)}
        return found
