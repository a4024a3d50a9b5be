"""SQLite's schema editor with ON DELETE in its foreign keys."""

# mypy: disable-error-code="misc, no-any-return"
# django-stubs leave out the underscored hooks of Django's schema editor, so that super() has no types for them.

from __future__ import annotations

from copy import deepcopy
from types import TracebackType
from typing import Any, Final

from django.conf import settings
from django.db.backends.sqlite3 import schema
from django.db.models import CheckConstraint, UniqueConstraint
from django.db.transaction import atomic

from freehold.backends.names import read_schemas, split_name
from freehold.backends.schema import OnDeleteMixin

_NO_TRIGGERS: Final = (CheckConstraint, UniqueConstraint)
_BODIES: Final = "SELECT name, type, tbl_name, sql FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY rowid"


class DatabaseSchemaEditor(OnDeleteMixin, schema.DatabaseSchemaEditor):
    """Takes "auth.user" as what it is here: one name with a dot in it."""

    def _create_index_name(self, table_name: str, column_names: list[str], suffix: str = "") -> str:
        # As on PostgreSQL, where an index lies in its table's schema. Here all lie in one, so that only a map may have
        # it, which has no two tables of one bare name (freehold.E002).
        if getattr(settings, "OWNERSHIP", None):
            schemas = read_schemas(self.connection.settings_dict["OPTIONS"].get("schemas", ()), self.connection.alias)
            table_name = split_name(table_name, schemas)[1]
        return super()._create_index_name(table_name, column_names, suffix)

    def alter_field(self, model: Any, old_field: Any, new_field: Any, strict: bool = False) -> None:
        """Let one field become the other at its place in the table: Django orders columns by when their fields were
        made, so that the way back would put them elsewhere."""
        field = deepcopy(new_field)  # as Django's fields do it: with a relation of its own, which knows its field
        field.creation_counter = old_field.creation_counter
        super().alter_field(model, old_field, field, strict)

    def remove_constraint(self, model: Any, constraint: Any) -> None:
        """Drop a constraint that is a trigger before the table is made anew, or it would be taken for one to keep."""
        bodies = [] if isinstance(constraint, _NO_TRIGGERS) else self._list_bodies(model._meta.db_table)
        for name, _, _ in bodies:
            if name == constraint.name:
                self.execute(f"DROP TRIGGER {self.quote_name(name)}")
        super().remove_constraint(model, constraint)

    def _remake_table(self, model: Any, *args: Any, **options: Any) -> None:
        """Make the table anew with the triggers that it had, and with those and the views of others that name it: while
        it is away SQLite renames no table, since what they name is not there."""
        with atomic(self.connection.alias):  # all of it or nothing, where the migration is not atomic either
            bodies = self._list_bodies(model._meta.db_table)
            for name, kind, _ in bodies:
                self.execute(f"DROP {kind} IF EXISTS {self.quote_name(name)}")  # a view takes its own triggers along
            super()._remake_table(model, *args, **options)
            made = {name for name, _, _ in self._list_bodies(model._meta.db_table)}  # a constraint's, with the table
            for name, _, text in bodies:
                if name not in made:
                    self.execute(text, params=None)

    def _list_bodies(self, table: str) -> list[tuple[str, str, str]]:
        """Give name, kind and text of the table's triggers, and of the triggers and views that name it or one of these
        views, in the order in which they were made."""
        with self.connection.cursor() as cursor:
            cursor.execute(_BODIES)
            bodies = cursor.fetchall()
        names: set[str] = {table.lower()}
        before: set[str] = set()
        while names != before:  # they may name what was made after them
            before = set(names)
            names |= {name.lower() for name, kind, _, text in bodies if kind == "view" and _names_any(text, before)}
        return [
            (name, kind, text)
            for name, kind, holder, text in bodies
            if holder.lower() in names or _names_any(text, names)
        ]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the transaction, also where rows turn out at its end to contradict a foreign key: Django's editor raises
        and leaves it open then, so that whatever comes next would commit half a migration."""
        try:
            super().__exit__(kind, error, traceback)
        except BaseException as found:
            if self.atomic_migration and self.connection.in_atomic_block:
                self.atomic.__exit__(type(found), found, found.__traceback__)
            self.connection.enable_constraint_checking()
            raise


def _names_any(text: str, names: set[str]) -> bool:
    return any(each in text.lower() for each in names)
