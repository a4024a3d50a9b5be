"""Ownership maps for `override_settings(OWNERSHIP=…)`: each differs from the project's own in what its name says."""

from __future__ import annotations

from dataclasses import replace

from config.ownership import OWNERSHIP
from freehold.ownership import Ownership, Schema


def change_schema(name: str, **changes: tuple[str, ...]) -> Ownership:
    """Give the project's map with one schema changed."""
    schemas = tuple(replace(schema, **changes) if schema.name == name else schema for schema in OWNERSHIP.schemas)
    return replace(OWNERSHIP, schemas=schemas)


RUNS_IN_MASTER = replace(
    OWNERSHIP,
    schemas=tuple(
        replace(schema, apps=(*(app for app in schema.apps if app != "runs"), *(["runs"] * (schema.name == "master"))))
        for schema in OWNERSHIP.schemas
    ),
)
WITHOUT_RUNS = change_schema("app", apps=("items", "profile", "tenancy"))
WITHOUT_PLACES = change_schema("auth", places=())
WITH_SITES = change_schema("auth", places=("auth", "contenttypes", "admin", "sites"))
WITH_SHOP = change_schema("master", apps=("master", "shop"))
WITH_EXTERNAL = replace(WITH_SHOP, schemas=(*WITH_SHOP.schemas, Schema("goose", external=True)))
