"""Statements of another revision, held against the schema of this one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from freehold.errors import FreeholdError
from freehold.ownership import get_ownership
from freehold_lint.typed_sql import against, scratch
from freehold_lint.typed_sql.preparing import Preparer

pytestmark = pytest.mark.postgresql
HEADER = "-- name: show\n-- kind: many\n-- purpose: what a test asks\n"
MODULE = """Query(file="items/sql/item/show.sql", columns=(Column("name", "{type}", is_nullable=False),))\n"""
Ask = Callable[[str, str], list[str]]


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words], cwd=root, check=True)


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any, preparer: Preparer) -> Iterator[Ask]:
    """Give a function that commits a statement and its module, takes both away, and asks about that revision."""
    digest = scratch.make_digest()
    monkeypatch.setattr(scratch, "make_digest", lambda: digest)
    monkeypatch.setattr(against, "get_directory", lambda: tmp_path / "config")
    monkeypatch.setattr(apps.get_app_config("items"), "path", str(tmp_path / "items"))
    folder = tmp_path / "items/sql/item"
    folder.mkdir(parents=True)
    git(tmp_path, "init", "--quiet")

    def ask(text: str, module: str = "") -> list[str]:
        (folder / "show.sql").write_text(HEADER + text)
        (folder / "__init__.py").write_text(module)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--quiet", "--message", "old")
        (folder / "show.sql").unlink()
        return against.list_broken(get_ownership(), [apps.get_app_config("items")], "HEAD")

    with django_db_blocker.unblock():
        yield ask


def test_statement_that_still_prepares_is_not_told(ask: Ask) -> None:
    assert ask("SELECT i.name FROM app.items AS i\n", MODULE.format(type="varchar")) == []


def test_statement_that_breaks_is_told_by_name(ask: Ask) -> None:
    assert ask("SELECT i.name,\n    i.colour\nFROM app.items AS i\n", "") == [
        "HEAD:items/sql/item/show.sql:5: column i.colour does not exist (no parts): migrations make no such column"
    ]


def test_column_of_another_type_is_told(ask: Ask) -> None:
    assert ask("SELECT i.name FROM app.items AS i\n", MODULE.format(type="int8")) == [
        "HEAD:items/sql/item/show.sql: column name is varchar now, and that release takes int8: "
        "change the type in two releases"
    ]


def test_column_that_may_be_null_now_is_told(ask: Ask) -> None:
    text = "SELECT i.location_id AS name FROM app.items AS i\n"
    assert ask(text, MODULE.format(type="uuid")) == [
        "HEAD:items/sql/item/show.sql: column name may be NULL now, and that release does not expect it: "
        "let the old release end first"
    ]


def test_unknown_revision_is_refused() -> None:
    with pytest.raises(FreeholdError) as refused:
        against.list_broken(get_ownership(), [], "no-such-revision")

    assert str(refused.value) == ("git can't give no-such-revision: name a revision that is in this repository")
