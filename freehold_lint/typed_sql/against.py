"""Holds the statements of another git revision against this schema: a release that still runs meets it too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.apps import AppConfig

from freehold.errors import FreeholdError
from freehold.ownership import Ownership
from freehold.ownership.lookup import get_directory
from freehold.queries.encoding import get_encoder
from freehold_lint.typed_sql.catalogue import read_catalogue
from freehold_lint.typed_sql.compilation import Compiled, compile_source
from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.loads import write_load
from freehold_lint.typed_sql.preparing import Preparer
from freehold_lint.typed_sql.released import Released, read_released
from freehold_lint.typed_sql.revisions import check_revision, unpack
from freehold_lint.typed_sql.scratch import opening_postgresql
from freehold_lint.typed_sql.sources import FOLDER, SQLITE, read_source
from freehold_lint.typed_sql.statements import list_choices, write_statement

_LINK = "it is a link there, which is not followed: let the file itself lie in its place"
_RELEASES = "change the type in two releases"


def list_broken(ownership: Ownership, configs: Iterable[AppConfig], revision: str) -> list[str]:
    """Give a line for each statement of the revision that this schema breaks.

    Raises:
        FreeholdError: git knows no such revision.
    """
    root = get_directory().parent
    check_revision(root, revision)
    with TemporaryDirectory() as directory, opening_postgresql() as connection:
        with connection.cursor() as cursor:
            preparer = Preparer(connection.connection, read_catalogue(cursor), ownership)
        return [
            f"{revision}:{line}"
            for config in configs
            if Path(config.path).is_relative_to(root)
            for line in _judge_app(config, preparer, root, revision, Path(directory))
        ]


def _judge_app(config: AppConfig, preparer: Preparer, root: Path, revision: str, directory: Path) -> list[str]:
    folder = (Path(config.path).relative_to(root) / FOLDER).as_posix()
    entries = [entry for entry in unpack(root, revision, folder, directory) if _is_statement(entry[0], folder)]
    lines = [f"{name}: {_LINK}" for name, is_file in entries if not is_file]
    schema = preparer.ownership.find_schema_of_app(config.label)
    service = (schema and schema.service) or ""
    for name, _ in filter(lambda entry: entry[1], entries):
        lines += [f"{name}{line}" for line in _judge(preparer, directory / name, service)]
    return lines


def _is_statement(name: str, folder: str) -> bool:
    """Tell whether it is `<noun>/<name>.sql` in the folder, and for both dialects."""
    is_deep = name.removeprefix(f"{folder}/").count("/") == 1
    return is_deep and name.endswith(".sql") and not name.endswith(SQLITE)


def _judge(preparer: Preparer, path: Path, service: str) -> Iterator[str]:
    """Yield what stands behind the file's name in each of its lines."""
    try:
        compiled = compile_source(read_source(path), preparer, service)
        if released := read_released(path):
            yield from (f": {change}" for change in _iter_changes(compiled, released, preparer))
    except TypedSQLError as error:
        yield f"{f':{error.line}' if error.line else ''}: {error.message}"
    except FreeholdError as error:
        yield f": {error}"


def _iter_changes(compiled: Compiled, released: Released, preparer: Preparer) -> Iterator[str]:
    """Yield what that release's code does not expect."""
    now = {each.name: each for each in compiled.columns}
    for name, column in released.columns.items():
        if name not in now:
            yield f"that release's module has a column {name}, and its file none: compare a commit with a fresh module"
        elif now[name].type != column.type:
            yield f"column {name} is {now[name].type} now, and that release takes {column.type}: {_RELEASES}"
        elif now[name].is_nullable and not column.is_nullable:
            yield f"column {name} may be NULL now, and that release does not expect it: let the old release end first"
    yield from _iter_parameter_changes(compiled, released, preparer)


def _iter_parameter_changes(compiled: Compiled, released: Released, preparer: Preparer) -> Iterator[str]:
    now = {each.name: each for each in compiled.parameters}
    refused: str | None = None
    for name, sent in released.parameters.items():
        found = now.get(name)
        if found is None:
            yield f"that release's module gives @{name}, and its file has none: compare a commit with a fresh module"
        elif found.is_list != sent.is_list:
            kinds = [_name_kind(each.type, is_list=each.is_list) for each in (found, sent)]
            yield f"@{name} is {kinds[0]} now, and that release gives {kinds[1]}: {_RELEASES}"
        elif found.type != sent.type:
            refused = _find_refusal(compiled, released, preparer) if refused is None else refused
            if refused:
                yield f"@{name} is {found.type} now, and that release gives {sent.type} ({refused}): {_RELEASES}"
        if found is not None and sent.is_nullable and not found.is_nullable:
            yield f"@{name} can't be None now, and that release may give it: let the old release end first"


def _name_kind(kind: str, *, is_list: bool) -> str:
    return f"a list of {kind}" if is_list else f"one {kind}"


def _find_refusal(compiled: Compiled, released: Released, preparer: Preparer) -> str:
    """Give what PostgreSQL says where the parameters are of the types that the release sends; empty where it takes
    them, as it takes an int4 for an int8."""
    source = compiled.source
    sent = {each.name: each for each in released.parameters.values()}
    if source.header.kind == "load":
        statement = write_load(source, {name: each.type for name, each in sent.items()})
    else:
        statement = write_statement(source, list_choices(source)[0])
    is_load = source.header.kind == "load"
    types = {name: get_encoder(each.type, is_list=each.is_list or is_load).oid for name, each in sent.items()}
    return preparer.find_refusal(statement, compiled.login, types)
