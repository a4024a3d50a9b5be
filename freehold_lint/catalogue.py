"""Asks a server's catalogue, each query once whatever the number of tables, and lets each rule look at the rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from freehold.findings import Finding
from freehold.ownership import Ownership
from freehold.rights import queries
from freehold.rights.borrowed import get_borrowed_parameters
from freehold.rights.queries import Cursor
from freehold.sqlfiles import read_statement
from freehold_lint.borrowed import BORROWED
from freehold_lint.crossings import CROSSINGS
from freehold_lint.judges import CatalogueRule, Row
from freehold_lint.objects import FUNCTIONS, TABLES, VIEWS
from freehold_lint.row_security import POLICIES, read_policies

_DIRECTORY = Path(__file__).parent / "sql"
RULES: tuple[CatalogueRule, ...] = (*TABLES, *POLICIES, *FUNCTIONS, *VIEWS, *BORROWED, *CROSSINGS)


@cache
def _read_query(name: str) -> str:
    """Give the text of `sql/<name>.sql`, here or where the engine asks the same."""
    path = _DIRECTORY / f"{name}.sql"
    return path.read_text(encoding="utf-8") if path.exists() else read_statement(queries.__file__, name)


def list_catalogue_findings(cursor: Cursor, ownership: Ownership) -> list[Finding]:
    """Give what the rules find in the database of `cursor`, in the order of the rules.

    Every login may look: it is pg_catalog alone that is read. What a sequence has given shows to whoever may use it.
    """
    rows = read_catalogue(cursor, ownership)
    return [finding for rule in RULES for finding in rule.iter_findings(rows[rule.query], ownership)]


def read_catalogue(cursor: Cursor, ownership: Ownership) -> dict[str, list[Row]]:
    """Give the rows of each rule's query by its name."""
    parameters = _get_parameters(ownership)
    rows = {}
    for name in dict.fromkeys(rule.query for rule in RULES):
        cursor.execute(_read_query(name), parameters)
        found = cursor.fetchall()
        rows[name] = list(read_policies(found)) if name == "policies" else found
    return rows


def _get_parameters(ownership: Ownership) -> Mapping[str, Any]:
    """Give what the queries ask about: schemas, beside them their owners and their services' logins; all logins."""
    logins = {service.name: service.login for service in ownership.services}
    return {
        **get_borrowed_parameters(ownership),
        "services": [logins.get(schema.service or "", "") for schema in ownership.schemas],
        "logins": list(logins.values()),
    }
