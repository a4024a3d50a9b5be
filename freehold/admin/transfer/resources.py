"""Columns as django-import-export's form asks for them, to have some of them chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from freehold.admin.transfer.columns import Column

if TYPE_CHECKING:

    class Field:
        """The library's, which has no types."""

        def __init__(self, **options: Any) -> None: ...

    class Resource:
        """The library's, which has no types."""

else:
    from import_export.fields import Field
    from import_export.resources import Resource


def make_resource(model: type[models.Model], columns: list[Column]) -> type:
    """Give the class that names these columns, and no other, whatever a form asks for."""
    name = str(model._meta.verbose_name_plural)
    body = {
        **{column.name: Field(attribute=column.name, column_name=column.name) for column in columns},
        "get_display_name": classmethod(lambda cls: name),
    }
    made: type = type(Resource)(f"{model.__name__}Resource", (Resource,), body)  # type: ignore[misc]  # its metaclass
    return made
