"""The project's map with the apps of the tests in it."""

from __future__ import annotations

from dataclasses import replace

from freehold.ownership import Contract
from tests.freehold.maps import change_schema

WITH_MANOR = change_schema("auth", apps=("auth_app", "manor"))
LOTS = replace(
    WITH_MANOR,
    schemas=tuple(
        replace(schema, apps=(*schema.apps, "meadow", "barn")) if schema.name == "app" else schema
        for schema in WITH_MANOR.schemas
    ),
    contracts=(Contract("auth", consumer="app", reference={"manor": ("id",)}),),
)
HOLDING = replace(LOTS, contracts=tuple(replace(each, on_delete=("NO ACTION",)) for each in LOTS.contracts))
UNMADE = replace(
    LOTS, schemas=tuple(replace(each, owner=f"nobody_{each.name}") for each in LOTS.schemas[:3]) + LOTS.schemas[3:]
)
WITHOUT_MIGRATOR = replace(LOTS, migrator="nobody")
