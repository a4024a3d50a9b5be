"""Holds the layers of pyproject.toml: no installed app is missing there, and import-linter finds nothing.

import-linter says "kept" of what it is not told about, so that a new app would be in no layer and nobody would hear.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def read_settings() -> dict[str, Any]:
    """Give import-linter's part of pyproject.toml."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return found["tool"]["importlinter"]


def list_packages() -> list[str]:
    """Give the packages that make up the project."""
    return list(read_settings()["root_packages"])


def list_apps() -> list[str]:
    """Give the packages below the root that hold an installed app, sorted."""
    import django
    from django.apps import apps

    django.setup()
    own = (config for config in apps.get_app_configs() if (ROOT / config.name.replace(".", "/")).is_dir())
    return sorted({config.name.partition(".")[0] for config in own})


def iter_problems(apps: list[str], settings: dict[str, Any]) -> Iterator[str]:
    """Yield what pyproject.toml does not say of each app, with what to write."""
    layers, driver = settings["contracts"][:2]
    placed = {name.strip() for line in layers["layers"] for name in line.split("|")}
    for app in apps:
        if app not in settings["root_packages"]:
            yield f'the app {app!r} is not looked at: add "{app}" to root_packages'
        if app not in placed:
            yield (
                f"the app {app!r} is in no layer: add it to a line of layers in the contract "
                f'"{layers["name"]}", as "items | {app}" beside items, above what it imports'
            )
        if app != "freehold" and app not in driver["source_modules"]:
            yield f'the app {app!r} may import the driver: add "{app}" to source_modules of "{driver["name"]}"'


def main() -> int:
    """Say what is missing, then let import-linter run; return the exit status."""
    problems = list(iter_problems(list_apps(), read_settings()))
    for problem in problems:
        print(f"pyproject.toml, [tool.importlinter]: {problem}")
    # It has no __main__; its script's first line would hold a path that may have spaces in it.
    from importlinter.cli import lint_imports

    return int(lint_imports() or bool(problems))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
