"""Holds the statements of another git revision against this schema: a release that still runs meets it too."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.apps import AppConfig

from freehold.errors import FreeholdError
from freehold.ownership import Ownership
from freehold.ownership.lookup import get_directory
from freehold_lint.typed_sql.catalogue import read_catalogue
from freehold_lint.typed_sql.compilation import Compiled, compile_source
from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.preparing import Preparer
from freehold_lint.typed_sql.scratch import opening_postgresql
from freehold_lint.typed_sql.sources import FOLDER, SQLITE, read_source

_Columns = dict[str, tuple[str, bool]]  # type and whether NULL may be there, by name


def list_broken(ownership: Ownership, configs: Iterable[AppConfig], revision: str) -> list[str]:
    """Give a line for each statement of the revision that this schema breaks.

    Raises:
        FreeholdError: git knows no such revision.
    """
    root = get_directory().parent
    _run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    with TemporaryDirectory() as directory, opening_postgresql() as connection:
        with connection.cursor() as cursor:
            preparer = Preparer(connection.connection, read_catalogue(cursor), ownership)
        return [
            line
            for config in configs
            for path in _unpack(root, Path(config.path), revision, Path(directory))
            for line in _judge(
                ownership, config, preparer, path, f"{revision}:{path.relative_to(directory).as_posix()}"
            )
        ]


def _run_git(root: Path, *words: str) -> str:
    run = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)  # noqa: S607
    if run.returncode:
        raise FreeholdError(f"git can't give {words[-1].partition('^')[0]}: name a revision that is in this repository")
    return run.stdout


def _unpack(root: Path, app: Path, revision: str, directory: Path) -> Iterator[Path]:
    """Write the app's files of the revision below the directory, modules too; yield those of statements for both."""
    if not app.is_relative_to(root):
        return
    folder = (app.relative_to(root) / FOLDER).as_posix()
    names = _run_git(root, "ls-tree", "-r", "-z", "--name-only", revision, "--", f"{folder}/").split("\0")[:-1]
    for name in names:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_run_git(root, "show", f"{revision}:./{name}"), encoding="utf-8")
    yield from (directory / name for name in names if name.endswith(".sql") and not name.endswith(SQLITE))


def _judge(ownership: Ownership, config: AppConfig, preparer: Preparer, path: Path, place: str) -> Iterator[str]:
    schema = ownership.find_schema_of_app(config.label)
    try:
        compiled = compile_source(read_source(path), preparer, (schema and schema.service) or "")
    except TypedSQLError as error:
        yield f"{place}{f':{error.line}' if error.line else ''}: {error.message}"
        return
    except FreeholdError as error:
        yield f"{place}: {error}"
        return
    yield from (f"{place}: {change}" for change in _iter_changes(compiled, path))


def _iter_changes(compiled: Compiled, path: Path) -> Iterator[str]:
    """Yield what the revision's code does not expect of a column."""
    found: _Columns = {each.name: (each.type, each.is_nullable) for each in compiled.columns}
    for name, (kind, may_be_null) in _read_columns(path).items():
        type_, is_nullable = found.get(name, ("", True))
        if type_ and type_ != kind:
            yield f"column {name} is {type_} now, and that release takes {kind}: change the type in two releases"
        elif type_ and is_nullable and not may_be_null:
            yield f"column {name} may be NULL now, and that release does not expect it: let the old release end first"


def _read_columns(path: Path) -> _Columns:
    """Give the columns that the revision's module has for a file; none where there is no such module."""
    module = path.parent / "__init__.py"
    if not module.is_file():
        return {}
    calls = [node for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    for call in calls:
        words = {each.arg: each.value for each in call.keywords}
        file, columns = words.get("file"), words.get("columns")
        if (
            isinstance(file, ast.Constant)
            and str(file.value).endswith(f"/{path.name}")
            and isinstance(columns, ast.Tuple)
        ):
            return dict(map(_read_column, columns.elts))
    return {}


def _read_column(node: ast.expr) -> tuple[str, tuple[str, bool]]:
    assert isinstance(node, ast.Call)  # noqa: S101 - for mypy: the compiler wrote it
    name, kind = (ast.literal_eval(each) for each in node.args)
    return name, (kind, ast.literal_eval(node.keywords[0].value))
