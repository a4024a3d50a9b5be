"""Disables each override of the backends in turn and runs their tests until one is red; `make mutations` calls it.

    python scripts/mutations.py [PART OF A NAME …]

An override is what a class below `freehold.backends` has in the place of something of Django's. One line each: the
override, and the first test that fails without it. Exit status 1 when there is one that no test misses, or when a test
is red with all of them in place.
"""

import importlib
import os
import pkgutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PACKAGE = "freehold.backends"
TESTS = "tests/freehold/backends"
ROWS = "tests/freehold/rls"  # what SQLite's compilers are for
OF_ON_DELETE = ("OnDeleteMixin", "sqlite3.base:DatabaseWrapper.SchemaEditorClass")
VARIABLE = "FREEHOLD_MUTATION"
OF_PYTHON = {"__module__", "__doc__", "__annotations__", "__dict__", "__weakref__", "__firstlineno__"}
OF_PYTHON |= {"__static_attributes__", "__orig_bases__", "__parameters__"}


def list_overrides() -> list[str]:
    """Give each override as `module:Class.attribute`, sorted."""
    import freehold.backends

    modules = [module.name for module in pkgutil.walk_packages(freehold.backends.__path__, f"{PACKAGE}.")]
    return sorted(override for module in modules for override in iter_overrides(module))


def iter_overrides(module: str) -> Iterator[str]:
    """Yield the overrides of the module's own classes. `isinstance` would ask lazy settings what they are."""
    for name, found in vars(importlib.import_module(module)).items():
        if issubclass(type(found), type) and found.__module__ == module:
            bases = [base for base in found.__mro__ if base.__module__.startswith("django.")]
            yield from (
                f"{module}:{name}.{attribute}"
                for attribute in vars(found)
                if attribute not in OF_PYTHON and any(attribute in vars(base) for base in bases)
            )


def is_idle(override: str) -> bool:
    """Tell whether this Django needs the override at all.

    From 6.1 on it writes ON DELETE itself. The mixin then adds nothing, and SQLite's schema editor is Django's with the
    mixin and no more.
    """
    from freehold.deletion import IS_BUILT_IN

    return IS_BUILT_IN and any(part in override for part in OF_ON_DELETE)


def pytest_configure() -> None:
    """Disable the override that the environment names: this file is a plugin of the runs that it starts."""
    if override := os.environ.get(VARIABLE):
        module, _, path = override.partition(":")
        name, _, attribute = path.partition(".")
        delattr(getattr(importlib.import_module(module), name), attribute)
        from django.db import connections

        for alias in connections:  # one that is there already was made with the override in its place
            del connections[alias]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Bring the files back into the order they were given in: pytest-django puts tests with a database first, and one
    that needs the project's migrations would stand for every override that these need.
    """
    order = {ROOT / name: place for place, name in enumerate(config.args)}
    items.sort(key=lambda item: order[item.path])


def check_tests() -> None:
    """Refuse tests that are red with every override in its place: they would prove nothing.

    Raises:
        SystemExit: one is.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        red = [name for name, _ in pool.map(run_tests, ["", ""], ["postgresql", "sqlite"]) if name]
    if red:
        raise SystemExit(f"Red before anything was disabled: {', '.join(red)}")


def run_tests(override: str, dialect: str = "") -> tuple[str, float]:
    """Run the tests without the override, those of its own file first; give the first that is red, and the seconds.

    Raises:
        SystemExit: pytest did not run at all.
    """
    started = time.monotonic()
    dialect = dialect or ("sqlite" if ".sqlite3" in override else "postgresql")
    environment = {**os.environ, VARIABLE: override, "TEST_DIALECT": dialect}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "scripts.mutations", "-p", "no:cacheprovider"]
    run = subprocess.run([*command, *order_tests(override)], cwd=ROOT, env=environment, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        raise SystemExit(f"The tests could not be run without {override}:\n{run.stdout}{run.stderr}")
    red = [line.split(" ", 1)[1] for line in run.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return (red[0].split(" - ")[0] if red else ""), time.monotonic() - started


def order_tests(override: str) -> list[str]:
    """Give the test files, those with the name of the override's module first."""
    module = override.partition(":")[0].removeprefix(f"{PACKAGE}.")
    first = ROOT / TESTS / module.replace(".", "/")
    files = [path for tests in (TESTS, ROWS) for path in sorted((ROOT / tests).rglob("test_*.py"))]
    key = [first.with_name(f"test_{first.name}.py"), *(path for path in files if path.parent == first.parent)]
    ordered = dict.fromkeys([*(path for path in key if path.exists()), *files])
    return [str(path.relative_to(ROOT)) for path in ordered]


def main() -> int:
    """Try every override that has one of the arguments in its name; return the exit status."""
    wanted = [each for each in list_overrides() if not sys.argv[1:] or any(part in each for part in sys.argv[1:])]
    idle = [override for override in wanted if is_idle(override)]
    tried = [override for override in wanted if override not in idle]
    survivors = []
    check_tests()
    with ThreadPoolExecutor(max_workers=2) as pool:
        for override, (red, seconds) in zip(tried, pool.map(run_tests, tried), strict=True):
            print(f"{override.removeprefix(f'{PACKAGE}.')} → {red or 'NO TEST IS RED'} ({seconds:.0f} s)", flush=True)
            survivors += [] if red else [override]
    for override in idle:
        print(f"{override.removeprefix(f'{PACKAGE}.')}: not needed under this Django")
    print(f"{len(tried)} overrides disabled in turn: a test was red without {len(tried) - len(survivors)} of them")
    return 1 if survivors or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
