"""The generated modules: the same each time, clean by ruff and mypy, and held to their files by --check."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command

from freehold.errors import FreeholdError
from freehold.ownership import get_ownership
from freehold_lint.typed_sql import scratch, unused
from freehold_lint.typed_sql.compilation import Compiled
from freehold_lint.typed_sql.faults import FaultsError
from freehold_lint.typed_sql.modules import write_module
from freehold_lint.typed_sql.preparing import Preparer
from freehold_lint.typed_sql.project import Modules, compile_apps
from freehold_lint.typed_sql.sqlite import translate
from tests.freehold_lint.typed_sql.conftest import Compile

pytestmark = pytest.mark.postgresql
ROOT = Path(__file__).resolve().parents[3]
HARD = (
    r"""SELECT i.id, i.name AS "a.b?", '{"a": ""}' || 'it''s \ "x"' AS note FROM app.items AS i WHERE i.name = @name"""
)


class Shop:
    """An app of the project in a place of its own: `items`, with whatever files a test writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "sql/item").mkdir(parents=True)

    def write(self, name: str, text: str, kind: str = "many") -> Path:
        path = self.path / f"sql/item/{name}.sql"
        path.write_text(f"-- name: {name}\n-- kind: {kind}\n-- purpose: what a test asks\n{text}\n")
        return path

    def compile(self) -> Modules:
        return compile_apps(get_ownership(), [apps.get_app_config("items")])


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any, preparer: Preparer) -> Any:
    with django_db_blocker.unblock(), scratch.opening_sqlite():  # made while the app's migrations are where they are
        digest = scratch.make_digest()
    monkeypatch.setattr(scratch, "make_digest", lambda: digest)
    monkeypatch.setattr(apps.get_app_config("items"), "path", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with django_db_blocker.unblock():
        yield Shop(tmp_path)


def write(compiled: Compiled) -> str:
    return write_module([(compiled, translate(compiled))], "items/sql/item")


@pytest.mark.parametrize("place", ["sql/__init__.py", "sql/item/__init__.py"])
def test_module_that_was_written_by_hand_is_left_alone(place: str, shop: Shop) -> None:
    shop.write("show", "SELECT i.id FROM app.items AS i")
    (shop.path / place).write_text("import shop\n")

    with pytest.raises(
        FaultsError, match=f"{place}: it was written by hand or is no file, and what is compiled goes there"
    ):
        shop.compile()

    (shop.path / place).write_text("\n")
    assert shop.compile().write() == 2


@pytest.mark.parametrize("said", ["list[str", "]", "int ="])
def test_type_that_python_can_not_read_is_refused(said: str, shop: Shop) -> None:
    shop.write("show", f"-- type: name = {said}\nSELECT i.name FROM app.items AS i")

    with pytest.raises(FreeholdError, match=r"show.sql:4: .* is no type of Python's: mend it"):
        shop.compile()


def test_modules_of_the_project_are_what_their_files_say(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        call_command("compilesql", "--check", stdout=(said := StringIO()))

    assert re.fullmatch(r"\d+ files compiled; 0 modules written\.\n", said.getvalue())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (HARD.replace("a.b?", "a.b"), ("type: note = Any", "type: name?")),
        ("SELECT i.id, i.created_at FROM app.items AS i\nWHERE true\n-- if: dear\nAND i.price > 9\n-- end\n-- after", (
            "sort: newest = i.created_at DESC, i.id", "page: 5 10",
        )),
        ("SELECT now() AS date, now()::date AS time, '9:00'::time AS clock, now() - now() AS gap FROM app.items i", (
            """sort: odd = (i.name || '{"\\\\"}')""",
        )),
    ],
)  # fmt: skip
def test_module_is_clean_by_ruff_and_mypy(compile_text: Compile, text: str, lines: tuple[str, ...]) -> None:
    module = write(compile_text(f"{text}\n", *lines))
    shutil.copy(ROOT / "pyproject.toml", "pyproject.toml")
    path = Path("generated.py")
    path.write_text(module)

    for command in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy", "--strict", "--config-file="]):
        env = {"PYTHONPATH": str(ROOT), "PATH": "", "MYPYPATH": str(ROOT)}
        run = subprocess.run(
            [sys.executable, "-m", *command, str(path)], capture_output=True, text=True, check=False, env=env
        )
        assert run.returncode == 0, run.stdout + run.stderr
    assert module == write(compile_text(f"{text}\n", *lines))
    compile(module, "generated.py", "exec")


def test_two_files_that_make_one_name_are_refused(shop: Shop) -> None:
    shop.write("show", 'SELECT i.id AS "of.id" FROM app.items AS i')
    shop.write("show_of", "SELECT i.id FROM app.items AS i")

    with pytest.raises(FreeholdError) as refused:
        shop.compile()

    assert (
        str(refused.value) == "sql/item/show_of.sql:1: the module has another ShowOfRow, of a file beside: rename one"
    )


def test_text_of_a_statement_survives_its_module(compile_text: Compile) -> None:
    compiled = compile_text(HARD.replace("a.b?", "a.b") + "\n")
    space: dict[str, Any] = {"__name__": "generated"}

    exec(write(compiled), space)

    assert space["_SHOW"].join("postgresql").text == HARD.replace("a.b?", "a.b").replace("@name", "$1")


def test_kinds_give_what_they_say(compile_text: Compile) -> None:
    results = {}
    for kind, text in {
        "one": "SELECT i.id FROM app.items AS i",
        "maybe": "SELECT i.id FROM app.items AS i",
        "many": "SELECT i.id FROM app.items AS i",
        "exec": "DELETE FROM app.items AS i WHERE i.id = @id",
        "execrows": "DELETE FROM app.items AS i WHERE i.id = @id",
    }.items():
        found = re.search(r"def show\(.*?\) -> (.+?):", write(compile_text(f"{text}\n", kind=kind)), re.DOTALL)
        results[kind] = found and found[1]

    assert results == {
        "one": "ShowRow",
        "maybe": "ShowRow | None",
        "many": "list[ShowRow]",
        "exec": "None",
        "execrows": "int",
    }


# --- --check ---------------------------------------------------------------------------------------------------------
def test_check_names_missing_stale_and_left_over_modules(shop: Shop) -> None:
    shop.write("list_names", "SELECT i.name FROM app.items AS i")

    modules = shop.compile()

    assert modules.list_stale() == [
        "sql/__init__.py is missing: run `manage.py compilesql`",
        "sql/item/__init__.py is missing: run `manage.py compilesql`",
    ]
    assert modules.write() == 2
    assert shop.compile().list_stale() == []
    path = shop.write("list_names", "SELECT i.name, i.id FROM app.items AS i")
    assert shop.compile().list_stale() == ["sql/item/__init__.py is stale: run `manage.py compilesql`"]
    path.unlink()
    left = shop.compile()
    assert left.list_stale() == ["sql/item/__init__.py is made from no file: remove it"]
    left.write()
    assert not (shop.path / "sql/item/__init__.py").exists()


def test_each_fault_is_told_and_nothing_written(shop: Shop) -> None:
    shop.write("good", "SELECT i.name FROM app.items AS i")
    shop.write("bad", "SELECT i.nothing FROM app.items AS i")
    shop.write("worse", "SELECT now() AS a")
    (shop.path / "sql/item/alone.sqlite.sql").write_text("SELECT 1")

    with pytest.raises(FaultsError) as refused:
        shop.compile()
    assert str(refused.value) == "sql/item/alone.sqlite.sql: it stands beside no file for both"

    (shop.path / "sql/item/alone.sqlite.sql").unlink()
    with pytest.raises(FaultsError) as refused:
        shop.compile()
    assert str(refused.value).splitlines() == [
        "sql/item/bad.sql:4: column i.nothing does not exist (no parts): migrations make no such column",
        "sql/item/worse.sql:4: SQLite does not take it (no parts): no such function: now; write worse.sqlite.sql "
        "beside it, or `-- only: postgresql`",
    ]
    assert not (shop.path / "sql/item/__init__.py").exists()


def test_file_that_no_code_but_tests_names_is_unused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unused, "get_directory", lambda: shop.path / "config")
    shop.write("list_names", "SELECT i.name FROM app.items AS i")
    shop.compile().write()
    (shop.path / "views").mkdir()
    (shop.path / "views/lost.py").symlink_to("nowhere.py")
    said = [
        "sql/item/list_names.sql: no code but tests names list_names: use its function, remove the file, or say "
        "`-- caller: …`"
    ]
    for name, text, is_used in [
        ("tests/test_names.py", "item.list_names()", False),
        ("test_names.py", "item.list_names()", False),
        ("views/comments.py", "# list_names\n'list_names'", False),
        ("views/broken.py", "list_names(", False),
        ("views/names.py", "item.list_names_json()", True),
        ("views/names.py", "from items.sql.item import list_names as names", True),
    ]:
        path = shop.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        assert unused.list_unused([apps.get_app_config("items")]) == ([] if is_used else said), name
        path.unlink()

    shop.write("list_names", "-- caller: a shell\nSELECT i.name FROM app.items AS i")
    assert unused.list_unused([apps.get_app_config("items")]) == []


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("SELECT i.id FROM app.items AS i", False),
        ("SELECT i.id FROM app.items AS i FOR UPDATE", False),
        ("UPDATE app.items SET name = 'a' RETURNING id", True),
        ("WITH gone AS (DELETE FROM app.items RETURNING id) SELECT gone.id FROM gone", True),
    ],
)
def test_module_says_which_statement_writes(compile_text: Compile, text: str, writes: bool) -> None:
    assert f"    writes={writes},\n" in write(compile_text(text))
