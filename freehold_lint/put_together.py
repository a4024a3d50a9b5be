"""L044: a text of typed SQL that code puts together, in a module that uses `freehold.queries`.

What runs of typed SQL is a closed set that was prepared; a statement of one's own is a `Query` with constant texts,
whose values are parameters. Looked at are own apps and the folder of the ownership map, without tests.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from inspect import getfile
from pathlib import Path
from typing import Final

from django.apps import apps

from freehold.authoring.order import list_own_apps
from freehold.findings import Finding
from freehold.ownership import Ownership
from freehold.ownership.lookup import get_directory
from freehold.scripts.pairs import shorten
from freehold_lint.texts import list_files

TITLES = {"L044": "code puts a text of typed SQL together"}
_PACKAGE: Final = "freehold.queries"
_OWN: Final = Path(getfile(Finding)).parent / "queries"  # puts loads together; not imported: lint needs no msgspec
_TAKING: Final = ("Segment", "Sort")  # what has texts of SQL
_MAKING: Final = ("format", "format_map", "join", "replace", "substitute", "safe_substitute")
_TEST: Final = re.compile(r"test_.*|.*_test|conftest")
_HINT: Final = "Write the text as a constant, and each value as {name} with a Parameter; or a file for compilesql."


def list_text_findings(ownership: Ownership) -> list[Finding]:
    """Give where code does it, sorted."""
    return sorted(finding for path in sorted(_iter_modules(ownership)) for finding in iter_text_findings(path))


def _iter_modules(ownership: Ownership) -> Iterator[Path]:
    found = {path for label in list_own_apps(ownership) for path in list_files(apps.get_app_config(label), "*.py")}
    for path in found | set(get_directory().rglob("*.py")):
        if _OWN in path.parents or "tests" in path.parts:
            continue
        if not _TEST.fullmatch(path.stem) and path.is_file():
            yield path


def iter_text_findings(path: Path) -> Iterator[Finding]:
    """Yield what is put together in one module."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if _PACKAGE not in text:
        return
    tree = ast.parse(text)
    names = set(_iter_taking(tree))
    known = dict(_iter_named(tree))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in names]
    places = {each.lineno: _name(call.func) for call in calls for each in _iter_made(call, known)}
    for line, name in places.items():
        message = f"a text of {name} is put together, so that nobody prepared what runs."
        yield Finding("L044", shorten(path), message, _HINT, "error", shorten(path), line)


def _iter_taking(tree: ast.Module) -> Iterator[str]:
    """Yield what the module calls them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PACKAGE):
            yield from (each.asname or each.name for each in node.names if each.name in _TAKING)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            yield from (_TAKING if any(_PACKAGE.endswith(each.name.split(".")[-1]) for each in node.names) else ())


def _iter_named(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((each.id, node.value) for each in targets if isinstance(each, ast.Name))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _iter_made(call: ast.Call, known: dict[str, ast.expr]) -> Iterator[ast.expr]:
    """Yield what makes a text in the arguments of a call, or in what the names among them stand for."""
    rest: list[ast.AST] = [*call.args, *(each.value for each in call.keywords)]
    seen: set[str] = set()
    while rest:
        node = rest.pop()
        if isinstance(node, ast.Name) and node.id in known and node.id not in seen:
            seen.add(node.id)
            rest.append(known[node.id])
        if isinstance(node, ast.expr) and _makes(node):
            yield node
        else:
            rest.extend(ast.iter_child_nodes(node))


def _makes(node: ast.expr) -> bool:
    """Tell whether a text comes of it that is no constant."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(each, ast.FormattedValue) for each in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return not _is_constant(node)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MAKING


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and _is_constant(node.left) and _is_constant(node.right)
    return isinstance(node, ast.Constant | ast.Tuple | ast.List)
