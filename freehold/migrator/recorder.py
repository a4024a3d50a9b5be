"""Writes Django's own rows of what is applied, in the same message as what ends a migration."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, reduce
from operator import or_
from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import CharField, DateTimeField, Model, Q
from django.utils.timezone import now

from freehold.plans import fetch_each


@cache
def _make_model() -> Any:
    """Give Django's model of applied migrations, with the schema in its table's name."""

    class Migration(Model):
        app = CharField(max_length=255)
        name = CharField(max_length=255)
        applied = DateTimeField(default=now)

        class Meta:
            apps = Apps()
            app_label = "migrations"
            db_table = "public.django_migrations"

        def __str__(self) -> str:
            return f"Migration {self.name} for {self.app}"

    return Migration


class EndingRecorder(MigrationRecorder):
    """Sends statements before the next row that it writes, in the same message: the migration's role ends so.

    It names Django's table with its schema, where the database has schemas: the search_path may be a migration's.
    """

    ending: tuple[list[str], dict[str, Any]] | None = None  # statements of a row each, and their parameters
    answer: tuple[Any, ...] | None = None  # the rows that the last such statements gave, as one

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        if connection.vendor == "postgresql" and "public" in connection.settings_dict["OPTIONS"].get("schemas", ()):
            self.Migration = _make_model()  # Django makes one for the class

    def record_applied(self, app: str, name: str) -> None:
        if self.ending is None:
            super().record_applied(app, name)
        else:
            insert = "INSERT INTO {} (app, name, applied) VALUES (%(app)s, %(name)s, pg_catalog.now())"
            self.write(self.ending, insert, app, name)

    def record_unapplied(self, app: str, name: str) -> None:
        if self.ending is None:
            super().record_unapplied(app, name)
        else:
            self.write(self.ending, "DELETE FROM {} WHERE app = %(app)s AND name = %(name)s", app, name)

    def count(self, names: Iterable[str]) -> int:
        """Give how many of these, each `app.name`, are applied."""
        if not self.has_table():
            return 0
        keys = (name.partition(".") for name in names)
        return self.migration_qs.filter(reduce(or_, (Q(app=app, name=name) for app, _, name in keys))).count()

    def write(self, ending: tuple[list[str], dict[str, Any]], statement: str, app: str, name: str) -> None:
        """Send all; keep what the first ones give."""
        self.ensure_schema()
        self.ending = None
        first, params = ending
        whole = statement.format(self.connection.ops.quote_name(self.Migration._meta.db_table))
        *rows, _ = fetch_each(self.connection, *first, whole, **params, app=app, name=name)
        self.answer = tuple(value for (row,) in rows for value in row)
