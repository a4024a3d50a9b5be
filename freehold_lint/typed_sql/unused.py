"""Files whose function no code calls; a test's is no use of it."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from django.apps import AppConfig

from freehold.ownership.lookup import get_directory
from freehold.scripts.pairs import shorten
from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.modules import MARK
from freehold_lint.typed_sql.project import PACKAGE
from freehold_lint.typed_sql.sources import list_files, read_source

_ELSEWHERE: Final = ("site-packages", "node_modules", "var", "venv", "tests", "__pycache__")
_TEST: Final = re.compile(r"test_.*|.*_test|tests|conftest")


def list_unused(configs: Iterable[AppConfig]) -> list[str]:
    """Give a line for each file whose function no code below the project's root names, tests left aside."""
    files = [path for config in configs for path in list_files(config) if not _read_caller(path)]
    wanted = {name for path in files for name in _list_names(path)}
    used = {name for path in _iter_code() for name in _find_names(path, wanted)} if wanted else set()
    return [
        f"{shorten(path)}: no code but tests names {path.stem}: use its function, remove the file, or say "
        "`-- caller: …`"
        for path in files
        if not used & _list_names(path)
    ]


def _read_caller(path: Path) -> str:
    """Give who calls it from elsewhere, as its header says it; few do, and the others need not be read again."""
    if "caller:" not in path.read_text(encoding="utf-8", errors="replace"):
        return ""
    try:
        return read_source(path).header.caller
    except TypedSQLError:
        return ""


def _list_names(path: Path) -> set[str]:
    return {path.stem, f"{path.stem}_json"}


def _iter_code() -> Iterator[Path]:
    for folder, folders, files in os.walk(get_directory().parent):
        folders[:] = [each for each in folders if not each.startswith(".") and each not in _ELSEWHERE]
        paths = (Path(folder, name) for name in files if name.endswith(".py"))
        yield from (path for path in paths if not _TEST.fullmatch(path.stem) and path.is_file())


def _find_names(path: Path, wanted: set[str]) -> set[str]:
    """Give those of the names that the code has; not in a comment or a text, and not where the compiler wrote them."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if text.startswith((MARK, PACKAGE.strip())) or not wanted.intersection(re.findall(r"\w+", text)):
        return set()
    try:
        return wanted.intersection(_iter_names(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError):
        return set()


def _iter_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (each.name for each in node.names)
