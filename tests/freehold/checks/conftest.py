"""Runs the registered checks, as `manage.py check` does, over models that exist for one test only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.apps import AppConfig
from django.apps.registry import Apps
from django.core import checks
from django.db import models
from django.test.utils import isolate_apps, override_settings

from config.ownership import OWNERSHIP
from freehold.checks import TAG
from freehold.ownership import Ownership
from freehold.ownership.lookup import load_ownership

Run = Callable[[], list[Any]]


class Bench:
    """Defines models and runs the checks over them."""

    def __init__(self, registry: Apps) -> None:
        self.registry = registry

    def define(
        self, name: str, app: str = "items", *, base: type[models.Model] = models.Model, **attributes: Any
    ) -> type[models.Model]:
        """Give a model; `meta` holds the options of its Meta."""
        options = type("Meta", (), {"app_label": app, **attributes.pop("meta", {})})
        return type(name, (base,), {"__module__": __name__, "Meta": options, **attributes})

    def run(self, check_id: str) -> list[checks.CheckMessage]:
        """Give what the check with that id says about the models."""
        configs: list[AppConfig] = list(self.registry.get_app_configs())
        return [message for message in checks.run_checks(configs, tags=[TAG], databases=[]) if message.id == check_id]


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A place for models of items, runs and admin."""
    with isolate_apps("items", "runs", "django.contrib.admin") as registry:
        yield Bench(registry)


@pytest.fixture
def run() -> Callable[[str], list[checks.CheckMessage]]:
    """Give a function that says what a check says about the whole project."""
    return lambda check_id: [
        message for message in checks.run_checks(tags=[TAG], databases=[]) if message.id == check_id
    ]


MAP: Ownership = OWNERSHIP


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Give a function that puts a changed map in the place of the project's."""
    with override_settings(OWNERSHIP=f"{__name__}.MAP"):

        def put(**changes: Any) -> None:
            monkeypatch.setitem(globals(), "MAP", replace(OWNERSHIP, **changes))
            load_ownership.cache_clear()

        yield put
    load_ownership.cache_clear()
