"""Changes and deletes a row of tenancy by its version, and tells those who may see it from those who may not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction

from freehold import FreeholdError, StaleRecordError

Row = TypeVar("Row", bound=models.Model)


class TakenError(FreeholdError, IntegrityError):
    """Another row, be it hidden, has what there may be once. The message says what, in the words of the constraint."""


@contextmanager
def naming_taken(model: type[models.Model]) -> Iterator[None]:
    """Say what of the model's is taken, where a constraint of it says so; to be put around a transaction.

    Raises:
        TakenError: in the place of the IntegrityError.
    """
    try:
        yield
    except IntegrityError as error:
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and _is_about(error, model, constraint):
                raise TakenError(str(constraint.get_violation_error_message())) from error
        raise


def _is_about(error: IntegrityError, model: type[models.Model], constraint: models.UniqueConstraint) -> bool:
    """SQLite names columns where PostgreSQL, and an index over an expression, have the constraint's name."""
    table, meta = model._meta.db_table, model._meta
    columns = ", ".join(f"{table}.{meta.get_field(name).column}" for name in constraint.fields)  # type: ignore[union-attr]
    words = str(error).partition("\n")[0]
    return f'"{constraint.name}"' in words or words.endswith((f"'{constraint.name}'", f" failed: {columns}"))


def change_row(model: type[Row], row_id: UUID, *, versions: Collection[int] | None, changes: Mapping[str, Any]) -> Row:
    """Change columns of a row and give it. `versions` are those that the change is for, None for any.

    Raises:
        ObjectDoesNotExist: there is none that whoever acts may see.
        PermissionDenied, PolicyError: whoever acts may only read it.
        StaleRecordError: it has another version.
        ValidationError: a column is wrong.
        TakenError: another row has what there may be once.
    """
    with naming_taken(model), transaction.atomic():
        row = model._default_manager.select_for_update().filter(pk=row_id).first()
        if row is None:  # policies let nobody lock what they may not change
            model._default_manager.get(pk=row_id)
            raise PermissionDenied
        _check_version(row, versions)
        for name, value in changes.items():
            setattr(row, name, value)
        row.clean_fields()
        row.save(force_update=True)
    return row


def delete_row(model: type[Row], row_id: UUID, *, versions: Collection[int] | None) -> None:
    """Delete a row with what hangs on it, in one statement: who may delete a row may be let change none.

    Raises:
        ObjectDoesNotExist, PermissionDenied, PolicyError, StaleRecordError: as above.
    """
    with transaction.atomic():
        rows = model._default_manager.filter(pk=row_id)
        fitting = rows if versions is None else rows.filter(version__in=versions)
        if not fitting.delete()[0]:
            _check_version(rows.get(), versions)
            raise PermissionDenied


def _check_version(row: Any, versions: Collection[int] | None) -> None:
    if versions is not None and row.version not in versions:
        table = row._meta.db_table
        raise StaleRecordError(f"{table}: version {row.version}, another was expected; read it again")
