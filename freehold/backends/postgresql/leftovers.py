"""Finds what should be gone: what a stock Django with a schema in quotes was told to drop, and did not find.

`DROP INDEX IF EXISTS` looks along the search path, and Django's introspection finds no table called `"auth"."user"`; so
that the migration passes, and the index, the constraint or the sequence stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core import checks
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from freehold.backends.names import quote_whole
from freehold.backends.postgresql.expectations import Expectation, Made, TableName, build_expectations, list_made
from freehold.sqlfiles import fetch_rows

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

# What Django calls things (BaseDatabaseSchemaEditor._create_index_name), or PostgreSQL where Django gives no name.
_MADE = re.compile(r"_[0-9a-f]{8}(_uniq|_like|_check|_fk|_fk_.*)?$|_(key|check)\d*$")
_PATTERNS = {"varchar_pattern_ops", "text_pattern_ops"}
_WHOLE = {"smallint", "integer", "bigint"}
# By pg_constraint.contype: the check's id, what it is called, and whether a model asks for one on these columns.
_RULES: dict[str, tuple[str, str, Callable[[Expectation, list[str]], bool]]] = {
    "u": ("freehold.W011", "unique constraint", lambda wanted, columns: frozenset(columns) in wanted.uniques),
    "x": ("freehold.W011", "exclusion constraint", lambda wanted, columns: False),
    "c": ("freehold.W012", "CHECK constraint", lambda wanted, columns: set(columns) <= wanted.checked),
}
_USUAL = (
    "%(what)s is in the database %(database)r, and no model asks for it.",
    "A migration was to drop it, and did not find it. Once you know that nobody needs it, run this or put it into a "
    "migration",
)
_TEXTS = {
    "freehold.W014": (
        "%(what)s, in the database %(database)r.",
        "A change of the key's type made the second one. Run this or put it into a migration",
    ),
    "freehold.W015": (
        "%(what)s, in the database %(database)r.",
        "It would run out long before its column does. Run this or put it into a migration",
    ),
}
_Row = tuple[Any, ...]


@dataclass(frozen=True)
class Leftover:
    """One thing too many: the check's id, the model, what it is and the statement that removes or mends it."""

    id: str
    model: type[Model]
    text: str
    statement: str

    def warn(self, alias: str) -> checks.Warning:
        text, hint = _TEXTS.get(self.id, _USUAL)
        text %= {"what": self.text, "database": alias}
        return checks.Warning(text, hint=f"{hint}: {self.statement}", obj=self.model, id=self.id)


def find_leftovers(connection: DatabaseWrapper) -> list[Leftover]:
    """Give the leftovers of the whole project.

    The models at hand may be ahead of the database: what they make look left over is compared once more with what the
    applied migrations say, which takes reading them all.
    """
    if not Search(connection, apps.get_models(include_auto_created=True)).find():
        return []
    loader = MigrationLoader(connection)
    return Search(connection, _list_applied_models(loader), list_made(loader.disk_migrations.values())).find()


def _list_applied_models(loader: MigrationLoader) -> Iterable[type[Model]]:
    """Give the models as the applied migrations made them; those of apps without migrations as they are.

    A project state holds the latter without their foreign keys, and not at all where nothing is applied.
    """
    applied = {key for key in loader.graph.nodes if key in loader.applied_migrations}
    last = [key for key in applied if not any(child.key in applied for child in loader.graph.node_map[key].children)]
    made = loader.project_state(last).apps.get_models(include_auto_created=True)
    models = apps.get_models(include_auto_created=True)
    return [*made, *(model for model in models if model._meta.app_label in loader.unmigrated_apps)]


class Search:
    """Compares what the models ask for with what is there, in three queries, however many tables there are."""

    def __init__(
        self, connection: DatabaseWrapper, models: Iterable[type[Model]], made: dict[str, Made] | None = None
    ) -> None:
        """Take the models; `made` narrows the search to what Django or a migration named, None does not."""
        self.connection, self.made = connection, made
        self.expectations = build_expectations(models, connection)

    def find(self) -> list[Leftover]:
        if not self.expectations:
            return []
        self.constraints = self.fetch("list_kept_constraints")
        return [*self.iter_indexes(), *self.iter_constraints(), *self.iter_keys(), *self.iter_sequences()]

    def fetch(self, statement: str) -> list[tuple[Expectation, str, _Row]]:
        """Run `sql/<statement>.sql` for all tables; give each row as what is expected, the table, and the rest."""
        schemas, tables = zip(*self.expectations, strict=True)
        with self.connection.cursor() as cursor:
            rows = fetch_rows(cursor, __file__, statement, schemas=list(schemas), tables=list(tables))
        return [(self.expectations[schema, table], table, (schema, *row)) for schema, table, *row in rows]

    def is_made(self, expectation: Expectation, name: str) -> bool:
        """Tell whether Django made the name, or a migration gave it; anything else was made by hand, and is meant."""
        if self.made is None or _MADE.search(name):
            return True
        app = self.made.get(expectation.model._meta.app_label)
        return app is not None and name in app.names

    def iter_indexes(self) -> Iterator[Leftover]:
        for expectation, _, (schema, name, columns, operators, unique) in self.fetch("list_kept_indexes"):
            if name in expectation.names or not self.is_made(expectation, name):
                continue
            wanted = expectation.patterns if operators in _PATTERNS else expectation.indexed
            if unique or len(columns) > 1 or columns[0] not in wanted:
                kind = "unique index" if unique else "index"
                drop = f"DROP INDEX IF EXISTS {_quote(schema, name)};"
                yield Leftover("freehold.W010", expectation.model, f"The {kind} {schema}.{name}", drop)

    def iter_constraints(self) -> Iterator[Leftover]:
        for expectation, table, (schema, name, kind, columns, *_) in self.constraints:
            if kind not in _RULES or name in expectation.names or not self.is_made(expectation, name):
                continue
            check_id, word, is_wanted = _RULES[kind]
            if not is_wanted(expectation, columns):
                text = f"The {word} {name} of {schema}.{table}"
                yield Leftover(check_id, expectation.model, text, _drop_constraint(schema, table, name))

    def iter_keys(self) -> Iterator[Leftover]:
        """Yield foreign keys that no model asks for, and those that are there twice, of which the newest is kept."""
        keys = [row for row in self.constraints if row[2][2] == "f" and len(row[2][3]) == 1]
        newest: dict[tuple[str, str, str], str] = {}
        for expectation, table, (schema, name, _, (column,), *target) in keys:
            if _is_target(expectation.keys.get(column), target):
                newest.setdefault((schema, table, column), name)
        for expectation, table, (schema, name, _, (column,), *target) in keys:
            kept, text = newest.get((schema, table, column)), f"The foreign key {name} of {schema}.{table}"
            drop = _drop_constraint(schema, table, name)
            if _is_target(expectation.keys.get(column), target):
                text += f" does what {kept} does, which is newer"
                if name != kept:
                    yield Leftover("freehold.W014", expectation.model, text, drop)
            elif self.is_made(expectation, name):
                if not kept and column in expectation.keys:  # only the key to its former table is there
                    field: Any = expectation.fields[column]
                    editor: Any = self.connection.schema_editor(collect_sql=True)
                    drop += f" {editor._create_fk_sql(field.model, field, '_fk_%(to_table)s_%(to_column)s')};"
                yield Leftover("freehold.W013", expectation.model, text, drop)

    def iter_sequences(self) -> Iterator[Leftover]:
        """Yield sequences of another type than their column, and those of a column that no longer counts."""
        for expectation, table, row in self.fetch("list_kept_sequences"):
            schema, column, sequence_schema, sequence, kind, column_kind, is_identity = row
            name = _quote(sequence_schema, sequence)
            text = f"The sequence {sequence_schema}.{sequence} of {schema}.{table}.{column}"
            if column in expectation.counted:
                if kind != column_kind and column_kind in _WHOLE:
                    text += f" has the type {kind} and its column {column_kind}"
                    yield Leftover(
                        "freehold.W015", expectation.model, text, f"ALTER SEQUENCE IF EXISTS {name} AS {column_kind};"
                    )
            elif not is_identity and self.counted_once(expectation, column):
                alter = f"ALTER TABLE {_quote(schema, table)} ALTER COLUMN {quote_whole(column)} DROP DEFAULT;"
                yield Leftover("freehold.W016", expectation.model, text, f"{alter} DROP SEQUENCE IF EXISTS {name};")

    def counted_once(self, expectation: Expectation, column: str) -> bool:
        """Tell whether the column's field was one that counts; a sequence on any other was put there by hand."""
        if column not in expectation.fields or self.made is None:
            return column in expectation.fields
        app = self.made.get(expectation.model._meta.app_label)
        return app is not None and expectation.fields[column].name in app.counted


def _is_target(wanted: TableName | None, found: list[str]) -> bool:
    """Tell whether a foreign key points where the field does; a table without a schema is known by its name alone."""
    return wanted is not None and wanted[1] == found[1] and wanted[0] in ("", found[0])


def _quote(schema: str, name: str) -> str:
    return f"{quote_whole(schema)}.{quote_whole(name)}"


def _drop_constraint(schema: str, table: str, name: str) -> str:
    return f"ALTER TABLE {_quote(schema, table)} DROP CONSTRAINT IF EXISTS {quote_whole(name)};"
