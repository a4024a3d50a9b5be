"""The migrated database in which statements are prepared; once for all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from freehold.ownership import get_ownership
from freehold_lint.typed_sql import scratch
from freehold_lint.typed_sql.catalogue import read_catalogue
from freehold_lint.typed_sql.compilation import Compiled, compile_source
from freehold_lint.typed_sql.preparing import Preparer
from freehold_lint.typed_sql.sources import read_source
from tests.freehold_lint.typed_sql.tables import HEADER, HEIR, TABLES, is_18

Compile = Callable[..., Compiled]


@pytest.fixture(scope="package")
def preparer(django_db_blocker: Any) -> Iterator[Preparer]:
    with django_db_blocker.unblock(), scratch.opening_postgresql() as connection:
        with connection.cursor() as cursor:
            catalogue = read_catalogue(cursor)
        yield Preparer(connection.connection, catalogue, get_ownership())


@pytest.fixture
def compile_text(preparer: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compile:
    """Give a function that compiles a statement as service api, by `HEADER` and more lines of a header."""
    monkeypatch.chdir(tmp_path)
    Path("sql/item").mkdir(parents=True)

    def compile_text(text: str, *lines: str, kind: str = "many", sqlite: str = "") -> Compiled:
        path = Path("sql/item/show.sql")
        path.write_text(HEADER.replace("many", kind) + "".join(f"-- {line}\n" for line in lines) + text)
        if sqlite:
            path.with_name("show.sqlite.sql").write_text(sqlite)
        return compile_source(read_source(path), preparer, "api")

    return compile_text


@pytest.fixture(scope="module")
def peopled(preparer: Preparer) -> Iterator[Preparer]:
    """The same connection, with tables of this module's own, which go again."""
    with preparer.connection.transaction(force_rollback=True), preparer.connection.cursor() as cursor:
        text = TABLES if is_18(preparer) else TABLES.replace("NO INHERIT", "").replace(*HEIR)
        cursor.execute(text)  # type: ignore[call-overload]
        yield Preparer(preparer.connection, read_catalogue(cursor), preparer.ownership)
