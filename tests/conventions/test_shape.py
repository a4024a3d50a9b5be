"""The shape of a feature app, as docs/architecture.md has it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
APPS = sorted(
    config.name
    for config in apps.get_app_configs()
    if Path(config.path).parent == ROOT and config.name not in {"freehold", "config"}
)
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("## The shape of a feature app")[1]
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
PLACES = ("services", "seeds", "migrations")
DJANGOS = {  # Django names the place: a manager, a session store; and the admin's log is the admin's
    "auth_app/models/user.py",
    "auth_app/session_rows.py",
    "auth_app/sessions.py",
    "auth_app/admin/session.py",
}


def iter_writes(path: Path) -> Iterator[str]:
    """Each call in the file that writes rows, but what Django's own form or base class is asked for."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    for called in calls:
        if isinstance(called, ast.Attribute) and called.attr in WRITES:
            asked = ast.unparse(called.value)
            if asked not in {"super()", "form"}:
                yield f"{path.relative_to(ROOT)}:{called.lineno}: {asked}.{called.attr}"


@pytest.mark.parametrize("app", APPS)
def test_rows_are_written_in_services_alone(app: str) -> None:
    files = [path for path in (ROOT / app).rglob("*.py") if path.relative_to(ROOT / app).parts[0] not in PLACES]
    found = [word for path in files if str(path.relative_to(ROOT)) not in DJANGOS for word in iter_writes(path)]
    assert found == []


@pytest.mark.parametrize("app", APPS)
def test_parts_of_an_app_are_those_of_the_page(app: str) -> None:
    said = {name.strip("/") for name in re.findall(r"^\| `([\w./]+)`", PAGE, re.MULTILINE)}
    own = set(re.findall(rf"`{app}/([a-z][\w.]+)`", PAGE))
    there = {path.name for path in (ROOT / app).iterdir() if path.name[0] not in "_."}
    assert there - own - said - {"admin", "api"} == set()  # packages where they are many
    assert own <= there


def test_services_that_write_nothing_are_absent() -> None:
    modules = [path for app in APPS for path in (ROOT / app / "services").glob("[!_]*.py")]
    assert modules
    silent = {path.stem for path in modules if not any(iter_writes(path))}
    assert silent == {
        "password_link",
        "lines",
        "moments",
        "reports",
        "membership",
        "invitation_letter",
        "shown_invitation",
    }  # letters, and more
