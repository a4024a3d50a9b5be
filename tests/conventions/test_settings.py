"""Every variable that the code reads is in docs/settings.md and in .env.example, with one default; and no other."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"[A-Z][A-Z_]+")
READERS = re.compile(r"read_[a-z]+")
OTHERS = {"DJANGO_SETTINGS_MODULE", "RUN_MAIN", "PGHOST", "PGSERVICE"}  # Django's own; libpq's, which are only quoted
NOT_IN_A_FILE = {"ENV_FILE", "TEST_DIALECT"}  # what says which file, and what no test would read there

SAME = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONHASHSEED": "0"}
SHOWN = """
import json
from django.conf import settings
names = [name for name in dir(settings) if name.isupper() and name not in {"SECRET_KEY", "UNFOLD"}]
print(json.dumps({name: repr(getattr(settings, name)) for name in names if "<" not in repr(getattr(settings, name))}))
"""


def list_documented() -> dict[str, str]:
    """Give the variables of docs/settings.md, each with its default; blank where that is none that can be written."""
    table = (ROOT / "docs" / "settings.md").read_text().partition("## DATABASE_URL")[0]
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", table, re.MULTILINE)
    return {
        name: literal[1] if (literal := re.fullmatch(r"`([^`]*)`", default.strip())) else "" for name, default in rows
    }


def list_examples() -> dict[str, str]:
    """Give the variables of .env.example with what stands behind them."""
    return dict(re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))


def list_read() -> set[str]:
    """Give the variables that the project and the engine read by their names."""
    sources = [*ROOT.glob("config/**/*.py"), *ROOT.glob("freehold/**/*.py")]
    return {name for path in sources for name in iter_read(ast.parse(path.read_text()))} - OTHERS


def iter_read(tree: ast.AST) -> Iterator[str]:
    """Yield the names in `read_bool("NAME")` and its like, `os.environ.get("NAME")` and `os.environ["NAME"]`."""
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and is_reader(node.func):
            named = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            named = node.slice
        else:
            continue
        name = named.value if isinstance(named, ast.Constant) else constants.get(ast.unparse(named))
        if isinstance(name, str) and VARIABLE.fullmatch(name):
            yield name


def is_reader(function: ast.expr) -> bool:
    called = ast.unparse(function)
    return bool(READERS.fullmatch(called)) or called in {"os.environ.get", "os.environ.setdefault"}


def test_variables_read_are_those_in_the_documentation() -> None:
    assert list_read() | {"TEST_DIALECT"} == set(list_documented())


def test_example_has_each_documented_variable_with_its_default() -> None:
    documented = list_documented()

    assert list_examples() == {name: documented[name] for name in documented if name not in NOT_IN_A_FILE}


def test_example_as_it_stands_changes_no_setting(tmp_path: Path) -> None:
    copy = tmp_path / "all"
    copy.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    bare = {name: value for name, value in os.environ.items() if name not in list_documented()}

    shown = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", SHOWN],
                cwd=ROOT,
                env={**bare, **SAME, "ENV_FILE": str(file)},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for file in (os.devnull, copy)
    ]

    assert shown[0] == shown[1]
    assert "DATABASES" in shown[0]
