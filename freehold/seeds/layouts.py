"""How rows become parameters: columns, their types and what has to be converted, worked out once for all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from freehold.errors import SeedError
from freehold.seeds.declaration import Row, Rows

# Both drivers take the values of these as they are.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)
# psycopg takes these too. Not JSONField, which needs its wrapper.
_PLAIN_POSTGRESQL = (*_PLAIN, models.DecimalField, models.DateTimeField, models.DateField, models.DurationField)

_Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Layout:
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
        for identity, row in zip(ids, self.convert_values(rows), strict=True):
            yield (identity, *row, *self.constants)

    def convert_values(self, rows: Iterable[Row]) -> Iterable[Row]:
        """Give the rows with their values converted; the same rows where nothing has to be."""
        return map(self.convert_row, rows) if self.converters else rows

    def convert_row(self, row: Row) -> Row:
        """Give one row with its values converted."""
        values = list(row)
        for position, convert in self.converters:
            values[position] = convert(values[position])
        return tuple(values)


def make_layout(seed: str, rows: Rows, model: type[models.Model], connection: BaseDatabaseWrapper) -> Layout:
    """Give the layout of the rows in the model's table.

    Raises:
        SeedError: the model has no such field.
    """
    declared = [get_field(seed, model, name) for name in rows.fields]
    defaults = _find_defaults(model, {model._meta.pk, *declared})
    written = [model._meta.pk, *declared, *defaults]
    constants = tuple(_convert_value(field, value, connection) for field, value in defaults.items())
    converters = ((index, _find_converter(field, connection)) for index, field in enumerate(declared))
    return Layout(
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
    """Give the field whose values a foreign key takes; any other field itself."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _get_type(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    """Give the name of PostgreSQL's type for the column, without length."""
    if isinstance(_get_target(field), models.UUIDField) and (field.primary_key or field.is_relation):
        return "bytea"  # ids come as 16 bytes, and those are a uuid in COPY's binary format
    return (field.db_type(connection) or "").partition("(")[0]


def _find_converter(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> _Convert | None:
    """Give what makes a parameter of the field's values; None where they are one."""
    target = _get_target(field)
    is_postgresql = connection.vendor == "postgresql"
    if field.primary_key or field.is_relation:
        return None if is_postgresql or not isinstance(target, models.UUIDField) else _to_hex
    if isinstance(field, _PLAIN_POSTGRESQL if is_postgresql else _PLAIN):
        return None
    return lambda value: _convert_value(field, value, connection)


def _to_hex(value: bytes | None) -> str | None:
    """Give an id as Django keeps it on SQLite."""
    return None if value is None else value.hex()


def _convert_value(field: models.Field[Any, Any], value: Any, connection: BaseDatabaseWrapper) -> Any:
    """Give one value as a parameter, the way saving the model does."""
    return field.get_db_prep_save(value, connection=connection)
