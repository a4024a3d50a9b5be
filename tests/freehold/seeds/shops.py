"""An app whose seeds a test writes out as text. It lies in schema master and seeds categories."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import Any

from django.conf import settings as project
from django.db import connections
from django.test import override_settings

from freehold.acting.logins import SUPERUSER, using_login
from freehold.models import MigrationHistory
from master.models import Category, Location
from tests.histories import remove_history
from tests.seeded import ALIAS, run_seed

NUMBERS = count(1)
OWNERSHIP = "tests.freehold.maps.WITH_SHOP"
APP = """
from django.apps import AppConfig

class Shop(AppConfig):
    name = {package!r}
    label = "shop"
"""
SEED = """
from freehold.seeds import Rows, Seed
ROWS = {rows!r}
SEED = Seed(
    kind={kind!r},
    depends={depends!r},
    rows=(
        Rows("master.Category", key=("path",), fields=("path", "slug", "name", "parent"),
            references={{"parent": ("path",)}}, read=lambda: ROWS),
    ),
)
"""


class Shop:
    """Writes seeds of the app `shop` and runs them. What they put into the database is gone after the test."""

    def __init__(self, directory: Path) -> None:
        self.package = f"shop_{next(NUMBERS)}"
        self.seeds = directory / self.package / "seeds"
        self.seeds.mkdir(parents=True)
        for folder in (self.seeds.parent, self.seeds):
            (folder / "__init__.py").touch()
        (self.seeds.parent / "apps.py").write_text(APP.format(package=self.package))

    def write(self, name: str, text: str) -> None:
        """Write a seed's file, or write it anew."""
        (self.seeds / f"{name}.py").write_text(dedent(text))
        sys.modules.pop(f"{self.package}.seeds.{name}", None)

    def write_categories(
        self, name: str, *paths: str, kind: str = "reference", depends: tuple[str, ...] = (), label: str = "Shelf"
    ) -> None:
        """Write a seed of categories."""
        rows = [(path, path.rpartition("/")[2], f"{label} {path}", path.rpartition("/")[0] or None) for path in paths]
        self.write(name, SEED.format(rows=rows, kind=kind, depends=depends))

    def write_pair(self, name: str, up: str | None, down: str | None, **variants: str) -> None:
        """Write a seed in SQL, or write it anew; None: leave that file out. `variants` are by `up_sqlite`."""
        for suffix, text in {"up": up, "down": down, **variants}.items():
            if text is not None:
                (self.seeds / f"{name}.{suffix.replace('_', '.')}.sql").write_text(dedent(text))

    def up(self, *names: str, **options: object) -> str:
        """Put the app's seeds up, or those named; give what is printed."""
        return run_seed("up", *(names or ("shop",)), **options)

    def down(self, *names: str, **options: object) -> str:
        """Take the app's seeds down, or those named; give what is printed."""
        return run_seed("down", *(names or ("shop",)), **options)

    def list_categories(self) -> list[tuple[str, str]]:
        """Give path and name of each category of the shop's, by path."""
        return list(get_categories().order_by("path").values_list("path", "name"))


def get_categories() -> Any:
    """Give the categories of tests: every path of theirs begins so."""
    return Category.objects.using(ALIAS).filter(path__startswith="shop")


def list_history(name: str) -> list[tuple[str, str, str, str]]:
    """Give direction, outcome, owner role and login of each entry of a seed of the app's, in order."""
    entries = MigrationHistory.objects.using(ALIAS).filter(kind="seed", app="shop", name=name).order_by("id")
    return list(entries.values_list("direction", "outcome", "owner_role", "login"))


@contextmanager
def open_shop(directory: Path) -> Iterator[Shop]:
    """Install the app for the block, and clean up behind it."""
    shop = Shop(directory)
    apps = [*project.INSTALLED_APPS, f"{shop.package}.apps.Shop"]
    sys.path.insert(0, str(directory))
    try:
        with override_settings(INSTALLED_APPS=apps, OWNERSHIP=OWNERSHIP):
            yield shop
    finally:
        sys.path.remove(str(directory))
        with using_login(connections[ALIAS], SUPERUSER):
            for depth in (3, 2, 1, 0):
                get_categories().filter(path__regex=f"^[^/]*(/[^/]*){{{depth}}}$").delete()
            Location.objects.using(ALIAS).filter(slug__startswith="shop").delete()
        remove_history(ALIAS, app="shop")
