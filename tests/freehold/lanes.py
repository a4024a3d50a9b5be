"""An app whose migrations a test writes out as text, and which no database needs: `barn`, of schema `app`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.checks import CheckMessage
from django.test import override_settings

from freehold.authoring.order import NAME
from freehold.checks.max_migration import check_order

NUMBERS = count(1)
APP = "barn"
LOTS = [f"tests.freehold.migrator.lots.{app}" for app in ("barn", "manor")]
MIGRATION = """
from django.db import migrations, models
from freehold.operations import RunSQLFiles

class Migration(migrations.Migration):
    replaces = {replaces}
    dependencies = {dependencies}
    operations = [{operations}]
"""
BARN = """migrations.CreateModel("Barn", [("id", models.BigAutoField(auto_created=True, primary_key=True,
    serialize=False, verbose_name="ID")), ("name", models.TextField())], options={"db_table": "app.barn"})"""
BARE_BARN = BARN.replace(', ("name", models.TextField())', "")


class Lane:
    """The migrations of `barn`, in a folder of their own."""

    def __init__(self, directory: Path) -> None:
        self.package = f"lane_{next(NUMBERS)}"
        self.folder = directory / self.package / APP
        self.folder.mkdir(parents=True)
        for folder in (self.folder, self.folder.parent):
            (folder / "__init__.py").touch()

    def write(self, name: str, *parents: str, operations: str = "", replaces: tuple[str, ...] = ()) -> Path:
        """Write a migration that follows those parents, and with operations as text."""
        path = self.folder / f"{name}.py"
        dependencies = [(APP, parent) for parent in parents]
        pairs = [(APP, each) for each in replaces]
        path.write_text(MIGRATION.format(dependencies=dependencies, operations=operations, replaces=pairs))
        return path

    def write_pair(self, stem: str, up: str | None = "", down: str | None = "", **variants: str) -> None:
        """Write a pair of SQL files, without a migration; None: leave that file out. `variants` are by `up_sqlite`."""
        (self.folder / "sql").mkdir(exist_ok=True)
        for suffix, text in {"up": up, "down": down, **variants}.items():
            if text is not None:
                (self.folder / "sql" / f"{stem}.{suffix.replace('_', '.')}.sql").write_text(text)

    def write_last(self, text: str) -> None:
        """Write the file that names the last migration."""
        (self.folder / NAME).write_text(text)

    def read_last(self) -> str | None:
        """Give what that file holds; None where it is not there."""
        path = self.folder / NAME
        return path.read_text() if path.exists() else None

    def list_files(self) -> list[str]:
        """Give the files, by their paths below the folder, but for those that Python makes."""
        paths = (path for path in self.folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return sorted(path.relative_to(self.folder).as_posix() for path in paths)

    def forget(self) -> None:
        """Let Python read the modules again."""
        for name in [name for name in sys.modules if name.startswith(f"{self.package}.{APP}.")]:
            del sys.modules[name]

    def check(self) -> list[CheckMessage]:
        """Give what the check says of this app."""
        self.forget()
        return [message for message in check_order(None) if message.obj == APP]


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[Lane]:
    """The app, installed and without migrations."""
    lane = Lane(tmp_path)
    sys.path.insert(0, str(tmp_path))
    modules = {APP: f"{lane.package}.{APP}"}
    try:
        with override_settings(
            INSTALLED_APPS=[*project.INSTALLED_APPS, *LOTS],
            OWNERSHIP="tests.freehold.migrator.maps.LOTS",
            MIGRATION_MODULES=modules,
            DATABASE_ROUTERS=[],  # with one, makemigrations asks every database that some test has registered
        ):
            yield lane
    finally:
        sys.path.remove(str(tmp_path))
        lane.forget()
