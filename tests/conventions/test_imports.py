"""Feature apps import each other only through models that a contract shares, or whose schema their service reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from config.ownership import OWNERSHIP
from freehold_lint.crossings import list_readable, list_readers, list_shared

ROOT = Path(__file__).resolve().parents[2]
APPS = [label for schema in OWNERSHIP.schemas for label in schema.apps if label != "freehold"]
MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
# Beside models: reads of what the service of the importing app may read, what policies of a model ask, and what pages
# of the back office are made of.
READS = {"master.queries", "tenancy.queries"}
OF_POLICIES = {"tenancy.access"}
BACK_OFFICE = {"auth_app.admin", "master.admin"}


def iter_imports(path: Path) -> Iterator[tuple[str, str]]:
    """Yield module and name of each import from another feature app."""
    own = path.relative_to(ROOT).parts[0]
    for node in ast.walk(ast.parse(path.read_text())):
        names = [(alias.name, "") for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [(node.module, alias.name) for alias in node.names]
        yield from (
            (module, name) for module, name in names if (app := module.partition(".")[0]) in APPS and app != own
        )


def is_shared(schema: str, app: str, name: str) -> bool:
    """Tell whether the model of that name is shared with the schema by a contract, or read by its service."""
    there, _, table = apps.get_model(app, name)._meta.db_table.partition(".")
    readers = list_readers(OWNERSHIP, schema)
    by_contract = [list_shared(OWNERSHIP, word, readers, there, table) for word in ("read", "reference")]
    return there in list_readable(OWNERSHIP, schema) or any(by_contract)


def is_allowed(path: Path, module: str, name: str) -> bool:
    own = OWNERSHIP.find_schema_of_app(path.relative_to(ROOT).parts[0])
    app, _, inside = module.partition(".")
    assert own is not None
    if inside == "models":
        return is_shared(own.name, app, name)
    of_part = {"models": OF_POLICIES, "admin": BACK_OFFICE}
    return module in READS or any(module in of_part.get(part, ()) for part in (*path.parts, path.stem))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_app_imports_of_others_what_contracts_share(path: Path) -> None:
    assert [found for found in iter_imports(path) if not is_allowed(path, *found)] == []


def test_import_that_no_contract_shares_is_refused() -> None:
    path = ROOT / "items" / "views.py"

    assert is_allowed(path, "auth_app.models", "User")
    assert not is_allowed(path, "auth_app.models", "Session")
    assert not is_allowed(path, "auth_app.sessions", "SessionStore")
    assert not is_allowed(path, "master.admin", "RootFilter")
    assert not is_allowed(path, "tenancy.access", "belongs_to")
    assert is_allowed(ROOT / "runs" / "models" / "run.py", "tenancy.access", "belongs_to")
