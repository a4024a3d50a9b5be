"""Changes and deletes a row of tenancy by its version, and tells those who may see it from those who may not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from freehold import StaleRecordError

Row = TypeVar("Row", bound=models.Model)


def change_row(model: type[Row], row_id: UUID, *, versions: Collection[int] | None, changes: Mapping[str, Any]) -> Row:
    """Change columns of a row and give it. `versions` are those that the change is for, None for any.

    Raises:
        ObjectDoesNotExist: there is none that whoever acts may see.
        PermissionDenied, PolicyError: whoever acts may only read it.
        StaleRecordError: it has another version.
        ValidationError: a column is wrong.
    """
    with transaction.atomic():
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
