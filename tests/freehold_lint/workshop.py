"""A folder of migrations that a test writes out as text, in place of those of the app `runs`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from textwrap import dedent, indent

import pytest
from pytest_django.fixtures import Settings

from freehold.findings import Finding
from freehold_lint import locations
from freehold_lint.migrations.linter import lint_migrations
from freehold_lint.reports import LintReport

LEFT_OUT = ("items", "profile", "master", "tenancy", "admin")  # reading them takes the longest
TODAY = date(2026, 5, 1)
NUMBERS = count(1)
TEMPLATE = """\
from django.contrib.postgres import operations as postgresql
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models
from django.db.models.functions import Now

from freehold.functions import RandomUUID


def work(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    initial = {initial}
    atomic = {atomic}
    dependencies = {dependencies}
    operations = [
{operations}
    ]
"""
START = """
    migrations.CreateModel("Wall", [("id", models.BigAutoField(primary_key=True)), ("place", models.TextField())],
        options={"db_table": "app.walls"}),
    migrations.CreateModel("Stone", [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("size", models.IntegerField(null=True)),
        ("code", models.TextField(db_default="")),
        ("wall_number", models.BigIntegerField(null=True)),
    ], options={"db_table": "app.stones", "constraints": [
        models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="stones_size_check"),
    ], "indexes": [models.Index(fields=["name"], name="stones_name_idx")]}),
"""


class Workshop:
    """The migrations of `runs`: 0001_start makes app.walls and app.stones."""

    def __init__(self, directory: Path, settings: Settings) -> None:
        self.directory, self.package = directory, f"workshop_{next(NUMBERS)}"
        self.folder = directory / self.package
        self.folder.mkdir()
        (self.folder / "__init__.py").touch()
        settings.MIGRATION_MODULES = {**dict.fromkeys(LEFT_OUT), "runs": self.package}
        settings.BASE_DIR = directory
        self.write("0001_start", START)

    def write(self, name: str, operations: str, *, atomic: bool = True, after: str | None = None) -> Path:
        """Write a migration behind the one before it, or behind `after`; give its file."""
        before = [after] if after else sorted(path.stem for path in self.folder.glob("0*.py") if path.stem < name)[-1:]
        text = TEMPLATE.format(
            initial=not before,
            atomic=atomic,
            dependencies=[("runs", each) for each in before],
            operations=indent(dedent(operations), " " * 8),
        )
        path = self.folder / f"{name}.py"
        path.write_text(text)
        self.forget()
        return path

    def forget(self) -> None:
        """Let Python read each file again."""
        for module in [name for name in sys.modules if name.split(".")[0] == self.package]:
            del sys.modules[module]
        sys.path_importer_cache.clear()
        locations.read_layout.cache_clear()

    def report(self, base: str = "", names: tuple[str, ...] = ()) -> LintReport:
        """Give the whole report about the app's migrations."""
        return lint_migrations(TODAY, "runs", names, base)

    def lint(self, base: str = "", names: tuple[str, ...] = ()) -> list[Finding]:
        """Give what is found, sorted."""
        return sorted(self.report(base, names).findings)

    def tell(self, base: str = "") -> list[str]:
        """Give what is found in a line each."""
        return [f"{each.rule} {each.object}: {each.message}" for each in self.lint(base)]

    def git(self, *arguments: str) -> str:
        """Run git in the folder above."""
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main"]
        command = ["git", *who, *arguments]
        return subprocess.run(command, cwd=self.directory, capture_output=True, text=True, check=True).stdout

    def commit(self) -> None:
        """Check everything in."""
        if not (self.directory / ".git").exists():
            self.git("init", "-q")
            (self.directory / ".gitignore").write_text("__pycache__\n")
        self.git("add", "-A")
        self.git("commit", "-qm", "x", "--allow-empty")


@pytest.fixture
def workshop(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """An empty folder but for the first migration."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    shop = Workshop(tmp_path, settings)
    yield shop
    shop.forget()
