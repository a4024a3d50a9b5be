"""What the module of another revision says of a file: the types that the release which has it sends and expects."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from freehold.queries.values import Column, Parameter
from freehold_lint.typed_sql.faults import TypedSQLError


@dataclass(frozen=True)
class Released:
    """Parameters and columns, by name."""

    parameters: dict[str, Parameter] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)


def read_released(path: Path) -> Released | None:
    """Give what the module beside a file says of it; None where there is no module, or nothing of the file in it.

    Raises:
        TypedSQLError: the module is not what the compiler writes.
    """
    module = path.parent / "__init__.py"
    if not module.is_file():
        return None
    try:
        calls = [node for node in ast.walk(ast.parse(module.read_bytes())) if isinstance(node, ast.Call)]
        return next((_read(words) for call in calls if (words := _find(call, path.name))), None)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError) as error:
        raise TypedSQLError(path, 0, "its module is no Python that compilesql writes: nothing to compare") from error


def _find(call: ast.Call, name: str) -> dict[str, ast.expr]:
    """Give what a call says, where it is that of the file."""
    words = {each.arg: each.value for each in call.keywords if each.arg}
    file = words.get("file")
    is_own = isinstance(file, ast.Constant) and str(file.value).endswith(f"/{name}")
    return words if is_own else {}


def _read(words: dict[str, ast.expr]) -> Released:
    return Released(
        {each.name: each for each in (Parameter(*args, **given) for args, given in _list(words, "parameters"))},
        {each.name: each for each in (Column(*args, **given) for args, given in _list(words, "columns"))},
    )


def _list(words: dict[str, ast.expr], name: str) -> list[tuple[list[Any], dict[str, Any]]]:
    """Give what each call of a tuple is called with."""
    calls = getattr(words.get(name), "elts", [])
    return [
        (
            [ast.literal_eval(each) for each in call.args],
            {str(each.arg): ast.literal_eval(each.value) for each in call.keywords},
        )
        for call in calls
        if isinstance(call, ast.Call)
    ]
