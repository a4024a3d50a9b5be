"""The door: `import freehold` gives what a project uses, lazily; docs/api.md lists it; the engine does not use it."""

import ast
import re
import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path

import pytest

import freehold

ROOT = Path(__file__).resolve().parents[2]
DOOR = ast.parse((ROOT / "freehold/__init__.py").read_text())
NAMES = sorted(freehold._PLACES)
OLD_PATHS = {
    "freehold.middleware": "freehold.services.middleware.ServiceMiddleware",
    "freehold.router": "freehold.services.router.OwnershipRouter",
    "freehold.startup": "freehold.services.startup.start_or_exit",
    "freehold.principals": "freehold.acting.principals.SoughtPrincipal",
}


@pytest.mark.parametrize("name", NAMES)
def test_name_of_the_door_is_that_of_its_module(name: str) -> None:
    assert getattr(freehold, name) is getattr(import_module(freehold._PLACES[name]), name)
    assert name in dir(freehold)


def test_name_that_the_door_has_not_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError) as caught:
        freehold.Nothing  # noqa: B018 # type: ignore[attr-defined]

    assert str(caught.value) == "module 'freehold' has no attribute 'Nothing'"


def test_types_see_what_the_door_gives() -> None:
    typed = {
        alias.asname: node.module
        for node in ast.walk(DOOR)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("freehold.")
        for alias in node.names
    }

    assert typed == freehold._PLACES


def test_page_of_the_door_lists_each_name_once() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/api.md").read_text(), re.MULTILINE)

    assert sorted(listed) == NAMES


def test_import_loads_no_module_of_the_engine() -> None:
    code = "import sys, freehold; print([name for name in sys.modules if name.startswith(('freehold.', 'django'))])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("package", ["freehold", "freehold_lint"])
def test_engine_does_not_go_through_its_door(package: str) -> None:
    through = [
        f"{path.relative_to(ROOT)}: {alias.name}"
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "freehold"
        for alias in node.names
        if alias.name in freehold._PLACES
    ]

    assert through == []


@pytest.mark.parametrize("old", OLD_PATHS)
def test_old_path_gives_the_same_with_a_warning(old: str) -> None:
    new, _, name = OLD_PATHS[old].rpartition(".")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = getattr(import_module(old), name)

    assert found is getattr(import_module(new), name)
    assert [str(each.message) for each in caught if each.category is DeprecationWarning] == [
        f"{old}.{name} is {new}.{name} now: the old path goes with the next release"
    ]
