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


SENT = """Query(file="items/sql/item/show.sql", parameters=(Parameter("key", "{}", is_list={}, is_nullable={}),))\n"""
BY_KEY = "SELECT i.name FROM app.items AS i WHERE i.{} = {}\n"
AS_IT_WAS = (False, False)


@pytest.mark.parametrize(
    ("text", "sent", "line"),
    [
        (BY_KEY.format("id", "@key"), ("uuid", *AS_IT_WAS), ""),
        (BY_KEY.format("version", "@key"), ("int8", *AS_IT_WAS), ""),  # PostgreSQL compares them
        (
            BY_KEY.format("id", "@key"),
            ("text", *AS_IT_WAS),
            ": @key is uuid now, and that release gives text (operator does not exist: uuid = text): "
            "change the type in two releases",
        ),
        (
            BY_KEY.format("id", "@key"),
            ("uuid", True, False),
            ": @key is one uuid now, and that release gives a list of uuid: change the type in two releases",
        ),
        (
            BY_KEY.format("id", "ANY (@key)"),
            ("uuid", *AS_IT_WAS),
            ": @key is a list of uuid now, and that release gives one uuid: change the type in two releases",
        ),
        (
            "UPDATE app.items SET name = @key\n",
            ("varchar", False, True),
            ": @key can't be None now, and that release may give it: let the old release end first",
        ),
        (
            "SELECT i.name FROM app.items AS i\n",
            ("varchar", *AS_IT_WAS),
            ": that release's module gives @key, and its file has none: compare a commit with a fresh module",
        ),
    ],
)
def test_parameter_that_the_release_gives_otherwise_is_told(
    ask: Ask, text: str, sent: tuple[object, ...], line: str
) -> None:
    text = text if text.startswith("SELECT") else f"{text}RETURNING name\n"
    assert ask(text, SENT.format(*sent)) == ([f"HEAD:items/sql/item/show.sql{line}"] if line else [])


def test_column_that_the_file_has_not_is_told(ask: Ask) -> None:
    text = "SELECT i.id FROM app.items AS i\n"
    assert ask(text, MODULE.format(type="varchar")) == [
        "HEAD:items/sql/item/show.sql: that release's module has a column name, and its file none: "
        "compare a commit with a fresh module"
    ]


@pytest.mark.parametrize(
    "module",
    ["def (", "\0", "(" * 3000, SENT.format("uuid", "f()", "False"), SENT.format("uuid", "False", "1, x=2")],
    ids=["no Python", "NUL", "too deep", "a call", "other words"],
)
def test_module_that_compilesql_did_not_write_is_told(ask: Ask, module: str) -> None:
    assert ask(BY_KEY.format("id", "@key"), module) == [
        "HEAD:items/sql/item/show.sql: its module is no Python that compilesql writes: nothing to compare"
    ]


def test_files_that_are_no_statements_are_told_by_name(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "items/sql/item"
    (folder / "latin.sql").write_bytes(HEADER.replace("show", "latin").encode() + b"SELECT '\xe9'\n")
    (folder / "lost.sql").symlink_to("nowhere.sql")
    (folder / "näme of.sql").write_text(HEADER)
    (folder / "deep").mkdir()
    (folder / "deep/unread.sql").write_text("no statement")
    assert ask("SELECT i.name FROM app.items AS i\n", "") == [
        "HEAD:items/sql/item/lost.sql: it is a link there, which is not followed: let the file itself lie in its place",
        "HEAD:items/sql/item/latin.sql: it is not UTF-8: save it so",
        "HEAD:items/sql/item/näme of.sql:1: the name is show, and the file is called näme of.sql: use one",
    ]


@pytest.mark.parametrize("revision", ["no-such-revision", "--help", "HEAD:manage.py", "HEAD^{tree}"])
def test_unknown_revision_is_refused(revision: str) -> None:
    with pytest.raises(FreeholdError) as refused:
        against.list_broken(get_ownership(), [], revision)

    assert str(refused.value) == f"git can't give {revision}: name a revision that is in this repository"


@pytest.mark.parametrize("revision", ["", " ", "a\0b"])
def test_no_revision_is_refused(revision: str) -> None:
    with pytest.raises(FreeholdError) as refused:
        against.list_broken(get_ownership(), [], revision)

    assert str(refused.value) == "--against takes a revision of git, such as main or v1.2"


def test_project_without_a_repository_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(against, "get_directory", lambda: tmp_path / "config")
    with pytest.raises(FreeholdError) as refused:
        against.list_broken(get_ownership(), [], "HEAD")
    assert str(refused.value) == "git says: not a git repository (or any of the parent directories): .git"

    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FreeholdError) as refused:
        against.list_broken(get_ownership(), [], "HEAD")
    assert str(refused.value) == "--against needs git, and there is no such program: install it"


def test_app_that_the_revision_has_not_breaks_nothing(ask: Ask, tmp_path: Path) -> None:
    assert ask("SELECT i.name FROM app.items AS i\n", "") == []
    git(tmp_path, "rm", "-r", "--quiet", "--cached", ".")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "nothing")
    assert against.list_broken(get_ownership(), [apps.get_app_config("items")], "HEAD") == []
