"""How rows become parameters (columns, their types and what has to be converted, worked out once for all rows), and how
those are written: into PostgreSQL by COPY in its binary format, or by way of a table in between where row-level
security forbids that; into SQLite a batch a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from freehold.errors import SeedError
from freehold.ownership.spelling import split_name
from freehold.progress import Progress
from freehold.seeds import Row, Rows
from freehold.seeds.identities import iter_batches

# Both drivers take the values of these as they are.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)
# psycopg takes these too. Not JSONField, which needs its wrapper.
_PLAIN_POSTGRESQL = (*_PLAIN, models.DecimalField, models.DateTimeField, models.DateField, models.DurationField)

_STEP = 1000  # rows between two words on progress: too few for it to cost anything
_BETWEEN = "seed_rows_on_their_way"  # seen by nobody: it is made and dropped in the seed's own transaction

_Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _TableLayout:
    """The columns to write, the primary key first. `types` are PostgreSQL's names, in the same order.

    `constants` are the values of the last columns, the same in every row. `converters` go by position in a row of the
    seed.
    """

    table: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    constants: Row
    converters: tuple[tuple[int, _Convert], ...]
    convert_id: _Convert | None

    def convert(self, ids: Iterable[Any], rows: Iterable[Row]) -> Iterator[Row]:
        """Yield each row as parameters, in the order of `columns`."""
        if self.convert_id:
            ids = map(self.convert_id, ids)
        for identity, row in zip(ids, map(self._convert_row, rows) if self.converters else rows, strict=True):
            yield (identity, *row, *self.constants)

    def _convert_row(self, row: Row) -> Row:
        values = list(row)
        for position, convert in self.converters:
            values[position] = convert(values[position])
        return tuple(values)


def make_layout(seed: str, rows: Rows, model: type[models.Model], connection: BaseDatabaseWrapper) -> _TableLayout:
    """Give the layout of the rows in the model's table.

    Raises:
        SeedError: the model has no such field.
    """
    declared = [get_field(seed, model, name) for name in rows.fields]
    defaults = _find_defaults(model, {model._meta.pk, *declared})
    written = [model._meta.pk, *declared, *defaults]
    constants = tuple(field.get_db_prep_save(value, connection) for field, value in defaults.items())
    converters = ((index, _find_converter(field, connection)) for index, field in enumerate(declared))
    return _TableLayout(
        table=model._meta.db_table,
        columns=tuple(str(field.column) for field in written),
        types=tuple(_get_type(field, connection) for field in written),
        constants=constants,
        converters=tuple((index, convert) for index, convert in converters if convert),
        convert_id=_find_converter(model._meta.pk, connection),
    )


def get_field(seed: str, model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """Give the model's field of that name that has a column, or raise SeedError."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if not isinstance(field, models.Field) or not field.concrete:
        raise SeedError(f"seed {seed}: {model._meta.label} has no column for a field {name!r}")
    return field


def _find_defaults(model: type[models.Model], declared: set[Any]) -> dict[models.Field[Any, Any], Any]:
    """Give the values of the fields a seed leaves out, but for those that the database fills by itself."""
    found = {}
    for field in model._meta.concrete_fields:
        if field in declared or field.has_db_default() or field.generated:
            continue
        is_stamp = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        value = timezone.now() if is_stamp else field.get_default()
        if value is not None:
            found[field] = value
    return found


def _get_target(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _get_type(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    if isinstance(_get_target(field), models.UUIDField) and (field.primary_key or field.is_relation):
        return "bytea"  # ids come as 16 bytes, and those are a uuid in COPY's binary format
    return (field.db_type(connection) or "").partition("(")[0]


def _find_converter(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> _Convert | None:
    target = _get_target(field)
    is_postgresql = connection.vendor == "postgresql"
    if field.primary_key or field.is_relation:
        is_converted = isinstance(target, models.UUIDField) and not is_postgresql  # to what Django keeps on SQLite
        return (lambda value: None if value is None else value.hex()) if is_converted else None
    if isinstance(field, _PLAIN_POSTGRESQL if is_postgresql else _PLAIN):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


# --- Writing ---------------------------------------------------------------------------------------------------------
def insert_rows(connection: Any, layout: _TableLayout, rows: Iterable[Row], progress: Progress) -> None:
    write = _copy_into_postgresql if connection.vendor == "postgresql" else _insert_into_sqlite
    write(connection, layout, rows, progress)


def _insert_into_sqlite(connection: Any, layout: _TableLayout, rows: Iterable[Row], progress: Progress) -> None:
    places = ", ".join(["%s"] * len(layout.columns))
    target, columns = connection.ops.quote_name(layout.table), _write_columns(connection, layout)
    with connection.cursor() as cursor:
        for batch in iter_batches(rows, _STEP):
            cursor.executemany(f"INSERT INTO {target} ({columns}) VALUES ({places})", batch)  # noqa: S608 - names are quoted
            progress.advance(len(batch))


def _copy_into_postgresql(connection: Any, layout: _TableLayout, rows: Iterable[Row], progress: Progress) -> None:
    target = connection.ops.quote_name(layout.table)
    if not _is_held_by_policies(connection, target):
        _copy(connection, layout, target, rows, progress)
        return
    schema, _ = split_name(layout.table, connection.schemas)
    between = connection.ops.quote_name(f"{schema}.{_BETWEEN}" if schema else _BETWEEN)
    columns = _write_columns(connection, layout)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {between} AS SELECT {columns} FROM {target} LIMIT 0")  # noqa: S608 - names are quoted
        _copy(connection, layout, between, rows, progress)
        cursor.execute(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM {between}")  # noqa: S608 - as above
        cursor.execute(f"DROP TABLE {between}")


def _is_held_by_policies(connection: Any, target: str) -> bool:
    """Tell whether policies decide what the current role may write there; COPY refuses such a table (manual, COPY)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.row_security_active(%s::regclass)", [target])
        return bool(cursor.fetchone()[0])


def _copy(connection: Any, layout: _TableLayout, target: str, rows: Iterable[Row], progress: Progress) -> None:
    statement = f"COPY {target} ({_write_columns(connection, layout)}) FROM STDIN (FORMAT BINARY)"
    # psycopg raises what the server says of the rows when COPY ends, and Django's cursor doesn't translate that.
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as stream:
        stream.set_types(layout.types)
        write_row = stream.write_row
        for count, row in enumerate(rows, 1):
            write_row(row)
            if count % _STEP == 0:
                progress.advance(_STEP)


def _write_columns(connection: Any, layout: _TableLayout) -> str:
    return ", ".join(map(connection.ops.quote_name, layout.columns))
