"""Names of tables in one spelling, wherever they come from."""

from __future__ import annotations


def normalise(db_table: str) -> str:
    """Give `app.items` for `app.items`, `"app"."items"` and `app"."items`."""
    return db_table.replace('"."', ".").strip('"')
