"""Versions that the database counts: each UPDATE of a row makes its `version` one more, whoever sends it, and one that
brings another version than the row has is refused. Applied migrations import this module. docs/versions.md"""

from __future__ import annotations

from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, IntegrityError, models
from django.db.backends.ddl_references import Statement, Table
from django.utils.translation import gettext as _

from freehold.errors import FreeholdError

FIELD: Final = "version"
FUNCTION: Final = "count_version()"  # in schema public, made by migration freehold.0005
STATE: Final = "23V01"  # of class 23, so that drivers take it for what SQLite's RAISE is: a violated constraint
WORDS: Final = "someone saved this row after it was read; read it again, then save"  # the function's too
POSTGRESQL: Final = (
    "CREATE TRIGGER %(name)s BEFORE UPDATE ON %(table)s FOR EACH ROW EXECUTE FUNCTION public.count_version()"
)
# OLD.version + 1 is what a statement sends that counts for itself, and what the trigger's own UPDATE sends.
SQLITE: Final = (
    "CREATE TRIGGER %(name)s AFTER UPDATE ON %(table)s FOR EACH ROW BEGIN "
    "SELECT RAISE(ABORT, %(words)s) WHERE NEW.version IS NOT OLD.version AND NEW.version IS NOT OLD.version + 1; "
    "UPDATE %(table)s SET version = OLD.version + 1 WHERE rowid = NEW.rowid AND NEW.version IS OLD.version; "
    "END"
)
REMOVE: Final = {"postgresql": "DROP TRIGGER %(name)s ON %(table)s", "sqlite": "DROP TRIGGER %(name)s"}


class StaleRecordError(FreeholdError, IntegrityError):
    """A row was saved by someone else after it was read: read it again, and save anew. An IntegrityError too, as the
    database's own; what a statement without `save` raises is known by `is_stale`."""


def is_stale(error: Exception) -> bool:
    """Tell whether the database refused an UPDATE since it brought another version than the row has."""
    cause: Any = error.__cause__
    return isinstance(error, StaleRecordError) or (
        isinstance(error, IntegrityError) and (getattr(cause, "sqlstate", "") == STATE or WORDS in str(error))
    )


class CountedVersion(models.BaseConstraint):
    """Stands among a model's constraints, and is a trigger: Django makes it, renames its table and takes it off as it
    does with any constraint, and on SQLite makes it again with each new table that a change of structure needs."""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Give the statement that makes the trigger."""
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        return self._write(SQLITE if is_sqlite else POSTGRESQL, model, schema_editor)

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Give nothing for CREATE TABLE: the trigger comes when the table is there, under its last name."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Give the statement that drops the trigger."""
        return self._write(REMOVE[schema_editor.connection.vendor], model, schema_editor)

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        """Find nothing: what was read may be stale a moment later, so that the database alone can tell."""

    def get_violation_error_message(self) -> str:
        """Say it to people, to whom the constraint's name says nothing."""
        return str(_("Someone else has saved this row meanwhile: open it again."))

    def _write(self, template: str, model: Any, editor: Any) -> Statement:
        table = model._meta.db_table
        words = Table(table, lambda name: editor.quote_value(f"{name.removeprefix('new__')}: {WORDS}"))
        return Statement(
            template, name=editor.quote_name(self.name), table=Table(table, editor.quote_name), words=words
        )

    def __eq__(self, other: object) -> bool:
        return self.deconstruct() == other.deconstruct() if isinstance(other, CountedVersion) else NotImplemented
