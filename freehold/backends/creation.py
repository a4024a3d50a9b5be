"""What both dialects' test databases have in common, and the tables that a flush leaves alone: what those hold is about
the database itself, and no test may be without it. A model says so by `survives_flush = True`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.base.operations import BaseDatabaseOperations
from django.dispatch import Signal

# A test database is about to be made. Sent with a `cursor` of whoever makes it, and the `entry` of settings that names
# them: the moment to refuse them, while nothing is made.
creating_database = Signal()
# A test database was made (or found again) and has its schemas. Sent with `connection`, which is connected to it as
# whoever made it, while its schemas still belong to them: the moment to hand out owners and rights.
database_created = Signal()
# A test database is about to be dropped or copied, which PostgreSQL refuses while anybody is connected to it: the
# moment to let go of it.
leaving_database = Signal()


def list_kept_models() -> list[Any]:
    """Give the models whose rows a flush leaves alone."""
    return [model for model in apps.get_models() if getattr(model, "survives_flush", False)]


class CreationMixin(BaseDatabaseCreation):
    """Knows its test database."""

    test_database = ""

    @property
    def is_test_database(self) -> bool:
        """Whether the connection's database is one that the tests made."""
        return bool(self.test_database) and self.connection.settings_dict["NAME"] == self.test_database

    def deserialize_db_from_string(self, data: str) -> None:
        """Put the rows of `data`, a JSON list of objects, back, but for those that a flush leaves: they are there."""
        kept = {model._meta.label_lower for model in list_kept_models()}
        super().deserialize_db_from_string(json.dumps([row for row in json.loads(data) if row["model"] not in kept]))

    def setup_worker_connection(self, _worker_id: Any) -> None:
        """Point the connection at the copy of a parallel test runner's process."""
        super().setup_worker_connection(_worker_id)
        self.test_database = self.connection.settings_dict["NAME"]


class FlushMixin(BaseDatabaseOperations):
    """Asked by `manage.py flush`, `sqlflush` and the end of a TransactionTestCase."""

    def sql_flush(self, style: Any, tables: Iterable[str], **options: bool) -> list[str]:
        """Give what empties the tables, but for those that survive a flush."""
        kept = {model._meta.db_table for model in list_kept_models()}
        return super().sql_flush(style, [table for table in tables if table not in kept], **options)
