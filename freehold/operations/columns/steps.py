"""What operations have in common that commit step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Model

from freehold.errors import MigrationError

Step = Literal["expand", "contract"]


@dataclass(frozen=True)
class Place:
    """A field in its model, as both are at one time."""

    model: type[Model]
    field: Any  # Django's stubs have no db_index and no remote field for a field of any kind

    @property
    def column(self) -> str:
        """The column's name; empty where the field has none."""
        return str(self.field.column or "")

    @property
    def label(self) -> str:
        """The field as people know it: `items.Item.price`."""
        return f"{self.model._meta.label}.{self.field.name}"


def check_steps(editor: BaseDatabaseSchemaEditor, what: str) -> None:
    """Refuse a transaction around the operation: it would hold each lock to its end, and lose all at a failure.

    Raises:
        MigrationError: there is one.
    """
    if editor.connection.in_atomic_block:
        raise MigrationError(
            f"{what}: its migration runs in one transaction, and this commits step by step: write `atomic = False` "
            f"into the Migration class; nothing was changed"
        )


def read_name(statement: Any) -> str:
    """Give the name of what a statement of Django's schema editor makes."""
    return str(statement.parts["name"]).strip('"')
