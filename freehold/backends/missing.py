"""Says of a relation that a statement did not find where it is, or what its writer has to look at. Packages that write
SQL of their own quote names by hand, or leave the schema out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any, Final

from django.apps import apps

from freehold.backends.errors import RelationError
from freehold.backends.mentions import StatementWords
from freehold.ownership.spelling import split_name

UNDEFINED: Final = "42P01"  # undefined_table (manual, appendix A)
_NO_RELATION: Final = "errorMissingRTE"  # the same number, for `t.column` of a table that the statement does not read
_NAME = re.compile('"([^"]+)"')  # in whatever language
_BY_HAND: Final = (
    "what wrote the statement put quotes around schema and name together, which is one name with a dot in it; it is "
    '"{}"."{}", as connection.ops.quote_name writes it. docs/backend.md names packages that quote by hand'
)
_UNKNOWN: Final = (
    "{} looks for a name without a schema on its search_path alone, and no model has such a table: write the schema, "
    "or place the app that it belongs to in a schema of the map (`places`), and migrate"
)


def explain_missing(error: Any, query: Any, role: str, schemas: Collection[str]) -> RelationError | None:
    """Give PostgreSQL's error about a missing relation with where it is; None for any other error, where a migration
    is what is missing, and where the server knows better. `role` is who acts, empty where that is no service."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) != UNDEFINED or cause.diag.source_function == _NO_RELATION:
        return None
    if cause.diag.message_hint or cause.diag.message_detail:
        return None
    match = _NAME.search(str(cause.diag.message_primary))
    # A name in a text, as in nextval('…'), or in a function's body is no table that the statement reads.
    if not match or not isinstance(query, str) or match[1] not in StatementWords(query, schemas).names:
        return None
    words = _find_words(match[1], role, schemas)
    return RelationError(str(error), words) if words else None


def _find_words(name: str, role: str, schemas: Collection[str]) -> str:
    schema, bare = split_name(name, schemas)
    if schema:
        return _BY_HAND.format(schema, bare)
    if "." in name:
        return ""
    tables = list_tables()
    return describe_places(name, tables, schemas) or (_UNKNOWN.format(role) if role and name not in tables else "")


def describe_places(name: str, tables: Iterable[str], schemas: Collection[str], form: str = '"{}"."{}"') -> str:
    """Say in which schemas there is a table of that name, each in the dialect's form; empty where there is none."""
    found = sorted({split_name(table, schemas) for table in tables} & {(schema, name) for schema in schemas})
    places = " or ".join(form.format(schema, bare) for schema, bare in found)
    return f"a table of that name lies in a schema, and is written with it: {places}" if found else ""


def list_tables() -> list[str]:
    """Give the tables of all models; none before they are loaded."""
    return [model._meta.db_table for model in apps.get_models(include_auto_created=True)] if apps.models_ready else []
