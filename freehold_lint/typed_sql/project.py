"""Compiles apps: reads their files, prepares them, and compares or writes the modules beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.authoring.order import list_own_apps
from freehold.errors import FreeholdError
from freehold.ownership import Ownership
from freehold.scripts.pairs import shorten
from freehold_lint.typed_sql import sqlite
from freehold_lint.typed_sql.catalogue import read_catalogue
from freehold_lint.typed_sql.compilation import Compiled, compile_source
from freehold_lint.typed_sql.faults import FaultsError, TypedSQLError
from freehold_lint.typed_sql.modules import MARK, write_module
from freehold_lint.typed_sql.preparing import Preparer
from freehold_lint.typed_sql.scratch import opening_postgresql, opening_sqlite
from freehold_lint.typed_sql.sources import FOLDER, Source, list_files, list_strays, read_source

MODULE = "__init__.py"
PACKAGE = '"""Written by `manage.py compilesql`: a module for each folder; do not edit."""\n'
_BY_HAND = "it was written by hand or is no file, and what is compiled goes there: move it to another module"


@dataclass
class Modules:
    """The modules of apps as they should be, by path, and those that are there with no file to be made from."""

    texts: dict[Path, str] = field(default_factory=dict)
    orphans: list[Path] = field(default_factory=list)
    count: int = 0  # of files

    def list_stale(self) -> list[str]:
        """Give a line for each module that is not what its files say."""
        lines = []
        for path, text in self.texts.items():
            if not path.is_file():
                lines.append(f"{shorten(path)} is missing: run `manage.py compilesql`")
            elif path.read_bytes() != text.encode():
                lines.append(f"{shorten(path)} is stale: run `manage.py compilesql`")
        return [*lines, *(f"{shorten(path)} is made from no file: remove it" for path in self.orphans)]

    def write(self) -> int:
        """Write those that differ; give how many.

        Raises:
            TypedSQLError: a folder or file can't be written.
        """
        changed = [
            path for path, text in self.texts.items() if not path.is_file() or path.read_bytes() != text.encode()
        ]
        for path in changed:
            _write(path, self.texts[path])
        for path in self.orphans:
            path.unlink()
        return len(changed) + len(self.orphans)


def _write(path: Path, text: str) -> None:
    """Write a module at once, so that none is there by half."""
    scratch = path.with_name(f".{path.name}.new")
    try:
        scratch.write_bytes(text.encode())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise TypedSQLError(path, 0, f"it can't be written ({error.strerror}): let yourself write there") from error


def list_configs(ownership: Ownership, labels: Iterable[str]) -> list[AppConfig]:
    """Give the project's own apps that have files of typed SQL or modules of them, or those that are named."""
    own = [apps.get_app_config(label) for label in list_own_apps(ownership)]
    if not labels:
        return own
    known = {each.label: each for each in own}
    for label in labels:
        if label not in known:
            raise FreeholdError(f"{label} is no app of the project: write one of {', '.join(sorted(known))}")
    return [known[label] for label in labels]


def compile_apps(ownership: Ownership, configs: Iterable[AppConfig]) -> Modules:
    """Give what the apps' modules should be. Each fault of each file is told.

    Raises:
        FaultsError: a file can't be compiled.
    """
    modules, faults = Modules(), list[FreeholdError]()
    sources: list[tuple[AppConfig, Source]] = []
    for config in configs:
        faults += [TypedSQLError(path, 0, "it stands beside no file for both") for path in list_strays(config)]
        sources += [(config, source) for source in _read(config, faults)]
        modules.orphans += _list_orphans(config)
    if not sources and not faults:
        return modules
    if not faults:
        compiled = _prepare(ownership, sources, faults)
    if faults:
        raise FaultsError(faults)
    modules.count = len(compiled)
    modules.texts = dict(_iter_texts(compiled))
    if foreign := [path for path in modules.texts if not _is_own(path)]:
        raise FaultsError([TypedSQLError(path, 0, _BY_HAND) for path in foreign])
    return modules


def _is_own(path: Path) -> bool:
    """Tell whether the module may be written: none is there, or nothing in it, or what was written here."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return False
    text = path.read_text("utf-8", errors="replace") if path.exists() else ""
    return not text.strip() or text.startswith((MARK, PACKAGE))


def _read(config: AppConfig, faults: list[FreeholdError]) -> Iterator[Source]:
    for path in list_files(config):
        try:
            yield read_source(path)
        except FreeholdError as error:
            faults.append(error)


Pair = tuple[AppConfig, Compiled, Source]


def _prepare(ownership: Ownership, sources: list[tuple[AppConfig, Source]], faults: list[FreeholdError]) -> list[Pair]:
    """Give what both databases take. SQLite prepares a file while PostgreSQL has the next."""
    has_both = any(not source.header.only for _, source in sources)
    here: Any = opening_sqlite() if has_both else nullcontext()
    found: list[Pair] = []
    asked: list[Future[None]] = []
    with opening_postgresql() as connection, here as local, ThreadPoolExecutor(1) as beside:
        for pair in _iter_compiled(connection, ownership, sources, faults):
            found.append(pair)
            if not pair[1].source.header.only:
                asked.append(beside.submit(sqlite.prepare, *pair[1:], local.connection))
    faults += [error for each in asked if (error := _get_fault(each))]
    return found


def _iter_compiled(
    connection: BaseDatabaseWrapper,
    ownership: Ownership,
    sources: list[tuple[AppConfig, Source]],
    faults: list[FreeholdError],
) -> Iterator[Pair]:
    with connection.cursor() as cursor:
        catalogue = read_catalogue(cursor)
    preparer = Preparer(connection.connection, catalogue, ownership)
    for config, source in sources:
        schema = ownership.find_schema_of_app(config.label)
        try:
            compiled = compile_source(source, preparer, (schema and schema.service) or "")
            yield config, compiled, sqlite.translate(compiled)
        except FreeholdError as error:
            faults.append(error)


def _get_fault(asked: Future[None]) -> FreeholdError | None:
    try:
        asked.result()
    except FreeholdError as error:
        return error
    return None


def _iter_texts(found: list[Pair]) -> Iterator[tuple[Path, str]]:
    for folder, pairs in groupby(found, key=lambda each: each[1].source.path.parent):
        files = list(pairs)
        config = files[0][0]
        yield folder.parent / MODULE, PACKAGE
        place = f"{config.name.replace('.', '/')}/{FOLDER}/{folder.name}"
        yield folder / MODULE, write_module([(compiled, translated) for _, compiled, translated in files], place)


def _list_orphans(config: AppConfig) -> list[Path]:
    """Give the modules that were written, in whose folder there is no file any more."""
    found = sorted((Path(config.path) / FOLDER).glob(f"*/{MODULE}"))
    return [path for path in found if path.is_file() and not list(path.parent.glob("*.sql")) and _is_marked(path)]


def _is_marked(path: Path) -> bool:
    return path.read_text("utf-8", errors="replace").startswith(MARK)
