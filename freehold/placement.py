"""Puts the tables of third-party apps into the schemas that the ownership map gives them, without editing the apps.

A model's table gets its schema the moment the class is ready, historical models of migrations and the tables between
many-to-many fields included. Django's own record of what `Meta` said stays as it is, so `makemigrations` sees no
difference.

An index that `Meta` gives no name gets the one that it would have without a schema: Django makes it of the whole
`db_table`, before anybody hears of the class. Historical models have their migration's name, whatever it is, so that
`makemigrations` renames an index that was made with a dot in its name.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.db.models.signals import class_prepared

from freehold.ownership import Ownership, find_ownership
from freehold.ownership.spelling import split_name


def install() -> None:
    """Listen for models. Must run before the first one is imported; a second time changes nothing."""
    class_prepared.connect(_place_model, dispatch_uid="freehold.placement")
    class_prepared.connect(_name_indexes, dispatch_uid="freehold.placement.indexes")


def _place_model(sender: type[Model], **kwargs: Any) -> None:
    """Put the model's table into its app's schema, where the map places the app. Receives `class_prepared`."""
    if ownership := find_ownership():
        options = sender._meta
        options.db_table = get_placed_name(options.db_table, options.app_label, ownership)


def get_placed_name(table: str, app: str, ownership: Ownership) -> str:
    """Give "schema.table" for a table of an app in some schema's `places`; any other name as it is.

    A name that has its schema already stays: a proxy's is its parent's.
    """
    schema = ownership.find_schema_of_app(app)
    if schema is None or app not in schema.places or split_name(table, ownership.schema_names)[0]:
        return table
    return f"{schema.name}.{table}"


def _name_indexes(sender: type[Model], **kwargs: Any) -> None:
    options, ownership = sender._meta, find_ownership()
    table = options.db_table
    schema, bare = split_name(table, ownership.schema_names if ownership else ())
    if not schema:
        return
    options.db_table = bare
    try:
        # Django names copies: what `Meta` said stays without a name.
        for said, index in zip(options.original_attrs.get("indexes", ()), options.indexes, strict=False):
            if not said.name:
                index.set_name_with_model(sender)
    finally:
        options.db_table = table
