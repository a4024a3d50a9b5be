"""Operations that run on SQLite only."""

from __future__ import annotations

from freehold.operations.postgresql import RunOnVendor


class RunSQLite(RunOnVendor):
    """Runs its SQL on SQLite and nothing on other databases. A trigger, which has semicolons of its own, is to be the
    item of a list: text is split at them."""

    vendor, name = "sqlite", "SQLite"  # the lint of SQL, which parses PostgreSQL's, leaves it alone
