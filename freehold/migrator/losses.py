"""Which data would be gone after a rollback, and where nobody can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.operations import CreateExtension
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, operations as django_operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from freehold.acting.roles import using_role
from freehold.migrator.down_sql import Drop, read_down_sql
from freehold.migrator.executor import OwnedExecutor, Plan
from freehold.migrator.limits import get_limits
from freehold.migrator.ways_down import iter_operations, list_statements_back
from freehold.sqlfiles import fetch_rows

_MOST = 100_000  # rows are counted up to so many
_SHOWN = 100  # characters of a statement
# Whose ways back are known to lose nothing but what is counted: by the module that the method stands in.
_KNOWN = ("django.db.migrations.", "django.contrib.postgres.operations", "freehold.operations", "freehold.scripts")
_TABLELESS = {"bloom", "btree_gin", "btree_gist", "citext", "hstore", "pg_trgm", "pgcrypto", "unaccent", "uuid-ossp"}
_INTEGERS = {f"{each}{sign}" for each in ("smallint", "integer", "bigint") for sign in ("", " unsigned")}
_VARCHAR = re.compile(r"varchar(?:\(\d+\))?")
_MISSING = {"42P01", "42703"}  # undefined_table, undefined_column
_RENAMES = (django_operations.AlterModelTable, django_operations.AlterField)


@dataclass(frozen=True)
class Loss:
    """What one migration takes with it on its way back; `what` is for people. What nobody can tell is not counted."""

    migration: str
    what: str
    verb: str = "loses"

    @property
    def line(self) -> str:
        return f"{self.verb} {self.what}"

    @property
    def is_counted(self) -> bool:
        return self.verb == "loses"


@dataclass(frozen=True)
class _Part:
    """A table, or a column of it, that a way back drops."""

    app: str
    model: str
    field: str = ""


def list_losses(connection: BaseDatabaseWrapper, executor: OwnedExecutor, plan: Plan) -> list[Loss]:
    """Give what would be lost: rows of tables, values of columns, and whatever runs and is not known to lose nothing.

    A table or column is looked up under the name that it has now, whatever migrations of the plan renamed.
    """
    search = _Search(connection, executor)
    return list(dict.fromkeys(loss for migration, _ in plan for loss in search.iter_losses(migration)))


class _Search:
    """Goes down a plan. `names` says what renamed parts are called now; `renamed`, whether SQL may mean by a name what
    has another one now; `lost_track`, whether `names` may lack one."""

    def __init__(self, connection: BaseDatabaseWrapper, executor: OwnedExecutor) -> None:
        self.connection, self.executor = connection, executor
        self.state = executor.make_state()
        self.names: dict[_Part, _Part] = {}
        self.renamed = self.lost_track = False

    def iter_losses(self, migration: Migration) -> Iterator[Loss]:
        label = f"{migration.app_label}.{migration.name}"
        for operation in reversed(list(iter_operations(migration.operations, with_state=True))):
            self.follow(migration.app_label, operation)
            for part in _iter_dropped(migration.app_label, operation):
                if found := self.find_rows(migration, part):
                    yield Loss(label, *found)
            if changed := self.find_changed(migration, operation):
                yield Loss(label, *changed)
            if code := _describe_code(operation, self.connection.vendor):
                yield Loss(label, code, "runs")
            yield from self.iter_sql_losses(label, operation)

    def iter_sql_losses(self, label: str, operation: Operation) -> Iterator[Loss]:
        found = read_down_sql(list_statements_back(operation, self.connection.vendor))
        self.renamed = self.renamed or found.renames
        self.lost_track = self.lost_track or found.renames
        for text in found.unknown:
            yield Loss(label, f"SQL: {' '.join(text.split())[:_SHOWN]}", "runs")
        for drop in found.drops:
            if self.renamed:
                yield Loss(label, *_say_uncounted(drop, "another migration renames something before"))
            elif loss := self.count(drop, must_exist=False):
                yield Loss(label, *loss)

    # --- Names -----------------------------------------------------------------------------------------------------
    def follow(self, app: str, operation: Any) -> None:
        """Remember under which name something is known now that an operation renamed."""
        if isinstance(operation, django_operations.RenameModel):
            self.rename(_Part(app, operation.old_name_lower), _Part(app, operation.new_name_lower))
        elif isinstance(operation, django_operations.RenameField):
            model = operation.model_name_lower
            self.rename(_Part(app, model, operation.old_name), _Part(app, model, operation.new_name))
        elif hasattr(operation, "leaves"):  # as MoveTable has it
            former, model = operation.label
            self.rename(_Part(former, model.lower()), _Part(app, model.lower()))
        elif isinstance(operation, _RENAMES):
            self.renamed = True
        elif not type(operation).__module__.startswith("django.") and not _has_sql(operation):
            self.renamed = self.lost_track = True

    def rename(self, old: _Part, new: _Part) -> None:
        self.names[old] = self.resolve(new)
        self.renamed = True

    def resolve(self, part: _Part) -> _Part:
        if part in self.names:
            return self.names[part]
        model = self.names.get(_Part(part.app, part.model))
        return self.resolve(_Part(model.app, model.model, part.field)) if model and part.field else model or part

    # --- Rows ------------------------------------------------------------------------------------------------------
    def find_rows(self, migration: Migration, part: _Part) -> tuple[str, str] | None:
        """Say how many rows or values are there; None for none.

        What the models have no more may still be there, where state operations alone took it from them.
        """
        now = self.resolve(part)
        if now_there := _has_part(self.state, now):
            drop = _find_drop(self.state, now)
        else:
            key = (migration.app_label, migration.name)
            drop = _find_drop(self.executor.loader.project_state(key), part)
        return self.count(drop, must_exist=now_there or self.lost_track) if drop else None

    def find_changed(self, migration: Migration, operation: Any) -> tuple[str, str] | None:
        """Say how many values get a type back that may not hold all of them: text is cut, numbers are rounded."""
        # As ChangeColumnType has them; its expansion is where the state changes.
        expands = getattr(operation, "step", "") == "expand" and hasattr(operation, "name")
        if not (expands or isinstance(operation, django_operations.AlterField)):
            return None
        part = _Part(migration.app_label, operation.model_name_lower, operation.name)
        key = (migration.app_label, migration.name)
        after, before = (
            self.find_field(self.executor.loader.project_state(key, at_end=end), part) for end in (True, False)
        )
        types = [each.db_type(self.connection) or "" if each else "" for each in (after, before)]
        casts = bool(after and before) and after.get_internal_type() != before.get_internal_type()
        if _keeps_values(*types, casts=casts) or not (found := self.find_rows(migration, part)):
            return None
        what, verb = found
        return f"{what} ({types[0]} to {types[1]})", "may change" if verb == "loses" else verb

    def find_field(self, state: ProjectState, part: _Part) -> Any:
        """Give a field in a state; None where there is none, and for a key, which has its table's type."""
        model = state.models.get((part.app, part.model))
        field: Any = model.fields.get(part.field) if model else None
        return None if field is None or field.remote_field else field

    def count(self, drop: Drop, *, must_exist: bool) -> tuple[str, str] | None:
        """Say how many rows or values are there; None for none, or where there is no such thing and need not be."""
        try:
            found = self.fetch_count(drop)
        except DatabaseError as error:
            missing = not must_exist and _is_missing(error)
            return None if missing else _say_uncounted(drop, str(error).splitlines()[0])
        if found is None:
            return _say_uncounted(drop, "row-level security hides rows from their owner")
        return _say_counted(drop, found) if found else None

    def fetch_count(self, drop: Drop) -> int | None:
        """Count rows, or those with a value in a column, as the table's owner, and not on and on; None where the owner
        does not see all."""
        quote = self.connection.ops.quote_name
        table = quote(drop.table)
        condition = f" WHERE those.{quote(drop.column)} IS NOT NULL" if drop.column else ""
        statement = f"SELECT count(*) FROM (SELECT 1 FROM {table} AS those{condition} LIMIT {_MOST + 1}) AS found"  # noqa: S608
        ownership = self.executor.ownership
        schema = ownership.find_schema(drop.table.partition(".")[0])
        owner = schema.owner if schema else ownership.migrator
        with (
            transaction.atomic(using=self.connection.alias),
            using_role(self.connection, owner),
            self.connection.cursor() as cursor,
        ):
            if self.connection.vendor == "postgresql":
                told = {"table": table, "lock_timeout": f"{get_limits().lock_timeout}ms"}
                ((hidden,),) = fetch_rows(cursor, __file__, "hidden_rows", **told)
                if hidden:
                    return None
            cursor.execute(statement)
            return int(cursor.fetchone()[0])


def _keeps_values(now: str, then: str, *, casts: bool) -> bool:
    """Tell whether each value of one type is the same in the other, or refused; one that is not there has none. Django
    converts a field of another sort by a cast, which cuts what is too long."""
    limited = not casts and bool(_VARCHAR.fullmatch(now) and _VARCHAR.fullmatch(then))
    return not now or not then or then in (now, "text") or limited or {now, then} <= _INTEGERS


def _iter_dropped(app: str, operation: Operation) -> Iterator[_Part]:
    if isinstance(operation, django_operations.CreateModel):
        yield _Part(app, operation.name_lower)
    elif isinstance(operation, django_operations.AddField):
        yield _Part(app, operation.model_name_lower, operation.name)
    elif isinstance(operation, django_operations.AlterOrderWithRespectTo) and operation.order_with_respect_to:
        yield _Part(app, operation.name_lower, "_order")


def _has_part(state: ProjectState, part: _Part) -> bool:
    model = state.models.get((part.app, part.model))
    if model is None or not part.field:
        return model is not None
    return part.field in model.fields or bool(part.field == "_order" and model.options.get("order_with_respect_to"))


def _find_drop(state: ProjectState, part: _Part) -> Drop | None:
    """Give table and column of a part; None for what is no table of Django's making, or no column."""
    try:
        model = state.apps.get_model(part.app, part.model)
        field: Any = model._meta.get_field(part.field) if part.field else None
    except (LookupError, FieldDoesNotExist):
        return None
    if not model._meta.managed or model._meta.proxy:
        return None
    if field is None:
        return Drop(model._meta.db_table)
    if field.many_to_many:
        through = field.remote_field.through._meta
        return Drop(through.db_table) if through.auto_created else None
    return Drop(model._meta.db_table, field.column) if field.column else None


def _describe_code(operation: Any, dialect: str) -> str:
    """Say what runs on the way back and may do anything; empty where nothing does."""
    if not type(operation).database_backwards.__module__.startswith(_KNOWN):
        return f"code: {operation.describe()}"
    if isinstance(operation, django_operations.RunPython):
        code = operation.reverse_code
        return "" if code in (None, django_operations.RunPython.noop) else f"{getattr(code, '__name__', 'code')}()"
    if isinstance(operation, CreateExtension) and dialect == "postgresql" and operation.name not in _TABLELESS:
        return f"SQL: DROP EXTENSION {operation.name}"
    return ""


def _has_sql(operation: Operation) -> bool:
    return hasattr(operation, "reverse_sql") or hasattr(operation, "list_statements_back")


def _say_counted(drop: Drop, found: int) -> tuple[str, str]:
    what = "values" if drop.column else "rows"
    number = f"more than {_MOST:,}" if found > _MOST else f"{found:,}"
    return f"{number} {what if found > 1 else what[:-1]} of {drop.table} {drop.column}".strip(), "loses"


def _say_uncounted(drop: Drop, why: str) -> tuple[str, str]:
    what = "values" if drop.column else "rows"
    return f"{what} of {f'{drop.table} {drop.column}'.strip()}, which can't be counted: {why}", "may lose"


def _is_missing(error: DatabaseError) -> bool:
    """Tell whether there is no such table or column."""
    return getattr(error.__cause__, "sqlstate", "") in _MISSING or str(error).startswith("no such ")
