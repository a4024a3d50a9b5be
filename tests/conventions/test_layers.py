"""Every app and every part of the engine stands in a layer that import-linter holds."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def layers() -> ModuleType:
    """scripts/layers.py, which `make check` runs."""
    spec = importlib.util.spec_from_file_location("layers", ROOT / "scripts" / "layers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_installed_apps_are_those_of_the_layers(layers: ModuleType) -> None:
    apps = layers.list_apps()

    assert list(layers.iter_problems(apps, layers.read_settings())) == []
    assert {*apps, "config", "freehold_lint"} == {*layers.list_packages()}


def test_app_in_no_layer_is_named_with_what_to_write(layers: ModuleType) -> None:
    name = "Layers: the project over its apps over tenancy over master data over accounts over the engine"
    driver = "Only the engine talks to the driver, and only commands and tests load the tools for CI"

    assert list(layers.iter_problems(["items", "offers"], layers.read_settings())) == [
        "the app 'offers' is not looked at: add \"offers\" to root_packages",
        f'the app \'offers\' is in no layer: add it to a line of layers in the contract "{name}", as "items | offers" '
        f"beside items, above what it imports",
        f'the app \'offers\' may import the driver: add "offers" to source_modules of "{driver}"',
    ]


def test_layers_of_the_engine_are_exhaustive(layers: ModuleType) -> None:
    engine = layers.read_settings()["contracts"][2]
    placed = {name.strip() for line in engine["layers"] for name in line.split("|")}
    parts = {
        path.stem for path in (ROOT / "freehold").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert engine["containers"] == ["freehold"]
    assert engine["exhaustive"] is True
    assert placed == parts - {"__init__"}
