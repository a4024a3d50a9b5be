"""Broken input of `compilesql`: one line each, nothing written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from freehold.errors import FreeholdError
from freehold_lint.typed_sql.faults import FaultsError
from tests.freehold_lint.typed_sql.test_modules import Shop, shop

__all__ = ["shop"]  # a fixture

pytestmark = pytest.mark.postgresql
HEADER = "-- name: {}\n-- kind: many\n-- purpose: what a test asks\n"
SELECT = "SELECT i.id FROM app.items AS i\n"
GOOD = HEADER.format("good") + SELECT
MARK = '"""Written by `manage.py compilesql` from the files beside it; do not edit."""\n'
BY_HAND = "it was written by hand or is no file, and what is compiled goes there: move it to another module"
NO_FUNCTION = "is no name for a function: small letters, digits and _"
NO_FILE = "it is no file: mend or remove it"


def write(name: str, text: str | bytes) -> Callable[[], object]:
    def make() -> None:
        path = Path("sql", name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return make


def named(name: str, text: str = SELECT) -> Callable[[], object]:
    return write(f"item/{name}.sql", HEADER.format(name) + text)


def link(name: str, target: str = "nowhere") -> Callable[[], object]:
    return lambda: Path("sql/item", name).symlink_to(target)


BROKEN: dict[str, tuple[Callable[[], object], str]] = {
    "folder": (lambda: Path("sql/item/dir.sql").mkdir(), f"item/dir.sql: {NO_FILE}"),
    "pipe": (lambda: os.mkfifo("sql/item/pipe.sql"), f"item/pipe.sql: {NO_FILE}"),
    "dangling link": (
        link("lost.sql"),
        "item/lost.sql: it can't be read (No such file or directory): mend or remove it",
    ),
    "link to itself": (
        link("loop.sql", "loop.sql"),
        "item/loop.sql: it can't be read (Too many levels of symbolic links): mend or remove it",
    ),
    "folder for SQLite": (lambda: Path("sql/item/good.sqlite.sql").mkdir(), f"item/good.sqlite.sql: {NO_FILE}"),
    "dangling link for SQLite": (
        link("good.sqlite.sql"),
        "item/good.sqlite.sql: it can't be read (No such file or directory): mend or remove it",
    ),
    "file for SQLite alone": (
        write("item/alone.sqlite.sql", SELECT),
        "item/alone.sqlite.sql: it stands beside no file for both",
    ),
    "keyword": (named("class"), f"item/class.sql:1: class {NO_FUNCTION}"),
    "hyphen": (named("a-b"), f"item/a-b.sql:1: a-b {NO_FUNCTION}"),
    "capital": (named("Items"), f"item/Items.sql:1: Items {NO_FUNCTION}"),
    "folder with a hyphen": (
        write("my-item/good.sql", GOOD),
        "my-item/good.sql: the folder my-item is no name for a module: small letters, digits and _",
    ),
    "folder that is a keyword": (
        write("class/good.sql", GOOD),
        "class/good.sql: the folder class is no name for a module: small letters, digits and _",
    ),
    "two of one name": (
        named("good_json"),
        "item/good_json.sql:1: the module has another good_json, of a file beside: rename one",
    ),
    "word twice": (
        named("twice", f"-- kind: one\n{SELECT}"),
        "item/twice.sql:4: `kind` is said twice: line 2 has it too; remove one",
    ),
    "byte order mark": (
        write("item/bom.sql", "\ufeff" + HEADER.format("bom") + SELECT),
        "item/bom.sql:1: it begins with a byte order mark: save it as UTF-8 without one",
    ),
    "other encoding": (
        write("item/wide.sql", (HEADER.format("wide") + SELECT).encode("utf-16")),
        "item/wide.sql: it is not UTF-8: save it so",
    ),
    "NUL": (
        named("nul", "SELECT '\0' AS a\n"),
        "item/nul.sql:4: it holds a NUL, which no database takes: take it out",
    ),
    "NUL in the header": (
        write("item/nul.sql", "-- name: nul\0\n" + SELECT),
        "item/nul.sql:1: it holds a NUL, which no database takes: take it out",
    ),
    "ten megabytes": (
        named("big", f"SELECT '{'x' * 10_000_000}' AS a\n"),
        "item/big.sql: it has 10,000,071 bytes, and a statement 100,000 at most: give values as parameters, or "
        "load rows",
    ),
    "nothing": (
        write("item/none.sql", ""),
        "item/none.sql:1: the header has no `name`: write `-- name: …` at the file's top",
    ),
    "too many statements": (
        named("many", f"-- most: {'9' * 5000}\n{SELECT}"),
        "item/many.sql:4: `most` is a number of statements, such as 64, and 4,096 at most",
    ),
    "name of Python's own": (
        named("slots", "SELECT 1 AS __slots__\n"),
        "item/slots.sql:4: a column is called __slots__, which is no name: write AS and one",
    ),
    "module that is a folder": (lambda: Path("sql/item/__init__.py").mkdir(), f"item/__init__.py: {BY_HAND}"),
    "module that is a link": (link("__init__.py"), f"item/__init__.py: {BY_HAND}"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_input_is_one_line(what: str, shop: Shop) -> None:
    make, line = BROKEN[what]
    write("item/good.sql", GOOD)()
    make()

    with pytest.raises(FreeholdError) as refused:
        shop.compile()

    assert str(refused.value) == f"sql/{line}"
    assert not Path("sql/__init__.py").exists()


def test_module_in_another_encoding_is_written_anew(shop: Shop) -> None:
    write("item/good.sql", GOOD)()
    write("item/__init__.py", MARK.encode() + b"# \xff")()
    for name in ("left", "dir"):
        Path("sql", name).mkdir()
    write("left/__init__.py", b"\xff")()
    Path("sql/dir/__init__.py").mkdir()

    modules = shop.compile()

    assert modules.list_stale()[1:] == ["sql/item/__init__.py is stale: run `manage.py compilesql`"]
    modules.write()
    assert shop.compile().list_stale() == []


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_make_no_difference(end: str, shop: Shop) -> None:
    text = HEADER.format("good") + "-- sort: named = i.name\n" + SELECT + "-- if: key\nWHERE i.id = @key\n-- end\n"
    texts = []
    for some in ("\n", end):
        write("item/good.sql", text.replace("\n", some))()
        texts.append(shop.compile().texts)
    assert texts[0] == texts[1]


def test_files_of_editors_are_passed_over(shop: Shop) -> None:
    write("item/good.sql", GOOD)()
    link(".#good.sql")()
    write(".git/good.sql", "")()
    assert shop.compile().count == 1


def test_file_and_folder_without_permission_are_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    write("item/good.sql", GOOD)()
    modules = shop.compile()

    def refuse(*ignored: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(Exception, match=r"it can't be written \(Permission denied\): let yourself write there"):
            modules.write()
        patch.setattr(Path, "read_text", refuse)
        with pytest.raises(FaultsError, match=r"it can't be read \(Permission denied\): mend or remove it"):
            shop.compile()
    assert not Path("sql/__init__.py").exists()
