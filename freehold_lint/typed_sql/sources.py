"""Files of typed SQL: found, read and looked at without a database."""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from django.apps import AppConfig

from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.header import NAME, Header, read_header
from freehold_lint.typed_sql.pieces import Piece, find_limit, merge, put_order, read_pieces

FOLDER = "sql"
SQLITE = ".sqlite.sql"
LARGEST = 100_000  # bytes of a file


@dataclass(frozen=True)
class Source:
    """One file: what its header says, and its statement in pieces. `sqlite` is the file beside it for SQLite."""

    path: Path
    header: Header
    pieces: tuple[Piece, ...]
    sqlite: Source | None = None

    @property
    def noun(self) -> str:
        return self.path.parent.name

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """The optional parts in their order, each with its parameters."""
        parts = {each.part: () for each in self.pieces if each.part}
        return {part: _list_parameters(each for each in self.pieces if each.part == part) for part in parts}

    @property
    def parameters(self) -> tuple[str, ...]:
        """Each parameter once, in the order in which they come."""
        return _list_parameters(self.pieces)

    @cached_property
    def merged(self) -> list[Piece]:
        """The pieces as the run time has them; once for all statements of the file."""
        return merge(self.pieces)

    def get_line(self, parameter: str) -> int:
        """Give the first line that names the parameter."""
        return next(each.line for each in self.pieces if each.role == "parameter" and each.text == parameter)

    def fail(self, line: int, message: str) -> TypedSQLError:
        return TypedSQLError(self.path, line, message)


def _list_parameters(pieces: Iterable[Piece]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.text for each in pieces if each.role == "parameter"))


def list_files(config: AppConfig) -> list[Path]:
    """Give the files of an app, `sql/<noun>/<name>.sql`, without those for SQLite, sorted."""
    found = (Path(config.path) / FOLDER).glob("*/*.sql")
    return sorted(each for each in found if not each.name.endswith(SQLITE) and not _is_hidden(each))


def _is_hidden(path: Path) -> bool:
    """Tell whether it is an editor's, or in a folder of some tool's."""
    return path.name.startswith(".") or path.parent.name.startswith(".")


def list_strays(config: AppConfig) -> list[Path]:
    """Give the files for SQLite that stand beside none."""
    found = (Path(config.path) / FOLDER).glob(f"*/*{SQLITE}")
    return sorted(
        each
        for each in found
        if not _is_hidden(each) and not each.with_name(each.name.replace(SQLITE, ".sql")).is_file()
    )


def read_source(path: Path) -> Source:
    """Give the file, and the one for SQLite beside it.

    Raises:
        TypedSQLError: it can't be read.
    """
    text = _read_text(path)
    header = read_header(path, text)
    if not NAME.fullmatch(path.parent.name) or keyword.iskeyword(path.parent.name):
        raise TypedSQLError(
            path, 0, f"the folder {path.parent.name} is no name for a module: small letters, digits and _"
        )
    pieces = read_pieces(path, text)
    if not pieces:
        raise TypedSQLError(path, 1, "there is no statement in it: write one below the header")
    source = Source(path, header, tuple(_place(path, header, pieces)))
    _check_parts(source)
    _check_count(source)
    return replace(source, sqlite=_read_other(source))


def _read_text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise TypedSQLError(path, 0, "it is no file: mend or remove it")
        if (size := path.stat().st_size) > LARGEST:
            message = (
                f"it has {size:,} bytes, and a statement {LARGEST:,} at most: give values as parameters, or load rows"
            )
            raise TypedSQLError(path, 0, message)
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TypedSQLError(path, 0, "it is not UTF-8: save it so") from error
    except OSError as error:
        raise TypedSQLError(path, 0, f"it can't be read ({error.strerror}): mend or remove it") from error
    if text.startswith("\ufeff"):
        raise TypedSQLError(path, 1, "it begins with a byte order mark: save it as UTF-8 without one")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TypedSQLError(path, line, "it holds a NUL, which no database takes: take it out")
    return text


def _place(path: Path, header: Header, pieces: list[Piece]) -> list[Piece]:
    after = [each for each in pieces if each.role == "after"]
    if after and not header.page:
        raise TypedSQLError(path, after[0].line, "`-- after` is for pages: write `-- page: 50 200` into the header")
    if header.page and len(after) != 1:
        line = after[1].line if after else header.lines["page"]
        raise TypedSQLError(
            path, line, "a page has `-- after` once: in WHERE, in a line of its own, behind a condition"
        )
    if header.page and (limit := find_limit(pieces)):
        raise TypedSQLError(path, limit.line, f"`page` brings its own LIMIT: take {limit.text.upper()} out")
    if not header.sorts:
        return pieces
    placed = put_order(path, pieces)
    return [replace(each, line=header.lines["sort"]) if each.role == "order" else each for each in placed]


def _check_parts(source: Source) -> None:
    """Refuse a parameter of a part that is used elsewhere too."""
    owners: dict[str, str] = {}
    for each in source.pieces:
        if each.role == "parameter" and owners.setdefault(each.text, each.part) != each.part:
            names = [name or "outside of parts" for name in (owners[each.text], each.part)]
            raise source.fail(each.line, f"@{each.text} stands in {' and '.join(names)}: give each its own parameter")
    for part, parameters in source.parts.items():
        if part in source.parameters and part not in parameters:
            raise source.fail(source.get_line(part), f"@{part} is the name of a part as well: rename one")
    if source.parts and source.header.kind not in ("one", "maybe", "many", "exec", "execrows"):
        line = next(each.line for each in source.pieces if each.part)
        raise source.fail(line, f"`kind: {source.header.kind}` takes no parts: write a file for each")


def _check_count(source: Source) -> None:
    """Refuse more statements than `most`: each of them is prepared."""
    header = source.header
    count = 2 ** len(source.parts) * max(len(header.sorts), 1) * (2 if header.page else 1)
    if count > header.most:
        last = list(source.parts)[-1] if source.parts else ""
        line = next((each.line for each in source.pieces if last and each.part == last), 1)
        way = f"split off the part {last} into a file of its own" if last else "write an order less"
        raise source.fail(
            line, f"its parts and orders make {count} statements, and {header.most} are let: {way}, or raise `most`"
        )


def _read_other(source: Source) -> Source | None:
    """Give the file for SQLite, which has the statement alone: the header is the other's."""
    path = source.path.with_name(f"{source.path.stem}{SQLITE}")
    if not path.exists() and not path.is_symlink():
        return None
    pieces = read_pieces(path, _read_text(path))
    if not pieces:
        raise TypedSQLError(path, 1, "there is no statement in it: write one, or remove the file")
    other = Source(path, source.header, tuple(_place(path, source.header, pieces)))
    if unknown := sorted(set(other.parameters) ^ set(source.parameters)):
        raise TypedSQLError(path, 0, f"@{unknown[0]} is not in both files: {source.path.name} has the same parameters")
    if other.parts.keys() != source.parts.keys():
        part = sorted(other.parts.keys() ^ source.parts.keys())[0]
        raise TypedSQLError(path, 0, f"the part {part} is not in both files: {source.path.name} has the same parts")
    _check_places(source, other)
    return other


def _check_places(source: Source, other: Source) -> None:
    """Refuse a parameter of a part that the file for SQLite uses outside of it: left out it has no value there."""
    owners = {each.text: each.part for each in source.pieces if each.role == "parameter"}
    for each in other.pieces:
        if each.role == "parameter" and each.part != owners[each.text]:
            here, there = (f"the part {part}" if part else "no part" for part in (each.part, owners[each.text]))
            message = f"@{each.text} stands in {here}, and in {source.path.name} in {there}: put it there here too"
            raise other.fail(each.line, message)
