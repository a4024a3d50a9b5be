"""`manage.py newmigration` writes all of its files or none, and each wrong word costs one line."""

from __future__ import annotations

import os
import re
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import override_settings

from freehold.authoring import drafts
from freehold.authoring.unwritten import find_unwritten
from freehold.errors import FreeholdError, MigrationError
from freehold.operations import RunSQLFiles
from freehold.ownership import Ownership, Schema
from freehold.scripts.pairs import read_script
from tests.freehold.lanes import BARE_BARN, BARN, Lane

EXTERNAL = Ownership(
    schemas=(
        Schema("goose", external=True),
        Schema("empty"),
        Schema("auth", apps=("auth_app",), places=("auth", "contenttypes", "admin")),
        Schema("app", apps=("barn", "items")),
        Schema("public", owner="migrator", apps=("freehold",)),
    ),
    services=(),
)
DEFAULTS = {"type": "migrate", "schema": "app", "app": "barn"}
STAMP = re.compile(r"\d{14}")


def begin(lane: Lane, name: str = "add_hay", **options: str) -> str:
    """Run the command; give what it prints."""
    output = StringIO()
    lane.forget()
    try:
        call_command("newmigration", **{**DEFAULTS, "name": name, "stdout": output, **options})
    finally:
        lane.forget()
    return output.getvalue()


def fail(lane: Lane, *arguments: str, **options: str) -> str:
    """Give the line of the error; nothing was written."""
    before = lane.list_files()
    with pytest.raises(FreeholdError) as caught:
        begin(lane, *arguments, **options)
    assert lane.list_files() == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


def load(lane: Lane, name: str) -> type:
    """Give the migration class."""
    lane.forget()
    __import__(f"{lane.package}.barn.{name}")
    return sys.modules[f"{lane.package}.barn.{name}"].Migration


# --- What is written -------------------------------------------------------------------------------------------------
def test_migration_gets_its_pair_its_number_its_dependency_and_the_last_name(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)
    lane.write_last("0001_barn\n")

    printed = begin(lane)

    assert [STAMP.sub("NOW", name) for name in lane.list_files()] == [
        "0001_barn.py",
        "0002_add_hay.py",
        "__init__.py",
        "max_migration.txt",
        "sql/NOW_add_hay.down.sql",
        "sql/NOW_add_hay.up.sql",
    ]
    assert lane.read_last() == "0002_add_hay\n"
    migration = load(lane, "0002_add_hay")
    assert migration.dependencies == [("barn", "0001_barn")]
    (operation,) = migration.operations
    assert isinstance(operation, RunSQLFiles)
    assert [path.name for path in operation.files] == [Path(name).name for name in lane.list_files()[-2:]]
    assert operation.state_operations == []
    assert len(printed.splitlines()) == 4
    assert lane.check() == []


def test_new_files_hold_no_statement_yet(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)
    begin(lane)

    for path in (lane.folder / "sql").iterdir():
        with pytest.raises(FreeholdError) as caught:
            read_script(path)
        assert "holds no statement" in str(caught.value)


def test_change_of_the_models_becomes_state_operations(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARE_BARN)

    printed = begin(lane, "add_name")

    (operation,) = load(lane, "0002_add_name").operations
    assert [each.describe() for each in operation.state_operations] == ["Add field name to barn"]
    assert "State operation: Add field name to barn" in printed
    lane.forget()
    assert find_unwritten("barn").operations == ()


def test_first_migration_makes_the_models_in_its_state(lane: Lane) -> None:
    begin(lane, "barn")

    migration = load(lane, "0001_barn")

    assert (migration.initial, migration.dependencies) == (True, [])
    assert [each.describe() for each in migration.operations[0].state_operations] == ["Create model Barn"]
    assert lane.read_last() == "0001_barn\n"
    assert find_unwritten("barn").operations == ()


def test_written_migration_is_as_the_formatter_wants_it(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)
    begin(lane)

    text = (lane.folder / "0002_add_hay.py").read_text()

    assert text.startswith('"""Add hay: sql/')
    assert max(map(len, text.splitlines())) <= 120
    assert text.endswith("    ]\n")


def test_seed_gets_its_pair_and_its_kind_and_no_migration(
    lane: Lane, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(apps.get_app_config("barn"), "path", str(tmp_path))

    begin(lane, "first_hay", type="seed", kind="demo")

    assert sorted(STAMP.sub("NOW", path.name) for path in (tmp_path / "seeds").iterdir()) == [
        "NOW_first_hay.down.sql",
        "NOW_first_hay.up.sql",
    ]
    (up,) = (tmp_path / "seeds").glob("*.up.sql")
    assert up.read_text().startswith("-- kind: demo\n-- depends:\n-- Runs as app_owner")
    assert lane.list_files() == ["__init__.py"]


def test_schema_with_one_app_needs_no_app(lane: Lane, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(apps.get_app_config("master"), "path", str(tmp_path))

    begin(lane, type="seed", schema="master", app="")

    assert (tmp_path / "seeds").is_dir()


# --- Bad input -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["", "Add", "add-hay", "add hay", "1_hay", "../hay", "hay;", "é", "h" * 81, "hay\n"])
def test_name_that_is_none_is_refused(lane: Lane, name: str) -> None:
    assert fail(lane, name) == (
        f"--name {name!r} can't be used: write lower-case letters, digits and _, beginning with a letter, 80 at most, "
        "such as add_is_active"
    )


def test_type_that_is_none_is_refused(lane: Lane) -> None:
    assert fail(lane, type="data") == "--type 'data' is not known: it is migrate or seed"


def test_kind_that_is_none_is_refused(lane: Lane) -> None:
    assert fail(lane, type="seed", kind="test") == "--kind 'test' is not known: it is reference or demo"
    assert fail(lane, kind="demo") == "--kind is for seeds: leave it out, or write --type seed"


def test_several_apps_are_asked_about(lane: Lane) -> None:
    assert fail(lane, app="") == ("schema app has several apps: name one by --app items|profile|tenancy|runs|barn")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"schema": "ap"}, "there is no schema 'ap': the ownership map has goose, empty, auth, app, public"),
        ({"schema": "goose"}, "schema goose is external: its own tool migrates it, and Django does not"),
        (
            {"schema": "empty"},
            "schema empty has no app of yours under `apps` in the ownership map, beside which files could lie",
        ),
        (
            {"schema": "public"},
            "schema public holds the tracking of migrations and nothing else, and the engine's own migrations make "
            "that: name the schema of an app of yours",
        ),
        ({"app": "auth_app"}, "app auth_app lies in schema auth, not in app: use --app barn|items"),
        ({"app": "hay"}, "app hay is in no schema of the ownership map: use --app barn|items"),
        (
            {"schema": "auth", "app": "contenttypes"},
            "app contenttypes is a third party's, placed into schema auth: use --app auth_app",
        ),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_schema_or_app_that_can_not_be_is_refused(lane: Lane, options: dict[str, str], message: str) -> None:
    with override_settings(OWNERSHIP="tests.freehold.management.test_newmigration.EXTERNAL"):
        assert fail(lane, **options) == message


def test_name_that_is_taken_is_refused(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)
    begin(lane)

    first = fail(lane)
    (lane.folder / "0002_add_hay.py").unlink()
    second = fail(lane)

    assert STAMP.sub("NOW", first).endswith(
        "sql/NOW_add_hay.up.sql: choose another, so that people can tell the two apart"
    )
    assert second == first
    assert fail(lane, "barn") == "--name barn is taken: choose another, so that people can tell the two apart"


def test_several_last_migrations_are_refused(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)
    lane.write("0002_hay", "0001_barn")
    lane.write("0002_straw", "0001_barn")

    assert fail(lane) == (
        "the migrations of app barn end in 0002_hay and 0002_straw: manage.py rebasemigration barn puts one last"
    )


def test_conflict_in_the_file_is_refused(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)
    lane.write_last("<<<<<<< HEAD\n0001_barn\n=======\n0001_x\n>>>>>>> main\n")

    assert fail(lane) == (
        "the migrations of app barn have a conflict in max_migration.txt: manage.py rebasemigration barn puts one last"
    )


def test_migrations_that_are_switched_off_are_refused(lane: Lane) -> None:
    with override_settings(MIGRATION_MODULES={"barn": None}):
        assert fail(lane) == ("the migrations of app barn are switched off, by settings.MIGRATION_MODULES: correct it")


def test_file_that_can_not_be_written_leaves_nothing(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    lane.write("0001_barn", operations=BARN)
    lane.write_last("0001_barn\n")
    (lane.folder / "max_migration.txt").unlink()
    (lane.folder / "max_migration.txt").mkdir()  # root may write any file, and none over a folder

    message = fail(lane)

    assert message.endswith("max_migration.txt can't be written, and nothing was: Is a directory")
    assert not (lane.folder / "sql").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_can_not_be_written_is_named(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)
    lane.folder.chmod(0o555)
    try:
        assert fail(lane).endswith("sql can't be written, and nothing was: Permission denied")
    finally:
        lane.folder.chmod(0o755)


def test_files_that_another_wrote_meanwhile_stay(lane: Lane, tmp_path: Path) -> None:
    other = tmp_path / "b" / "there.sql"
    other.parent.mkdir()
    other.write_text("SELECT 1")

    with pytest.raises(MigrationError) as caught:
        drafts.write_draft(drafts.Draft({tmp_path / "a" / "new.sql": "", other: ""}, {}))

    assert str(caught.value).endswith("b/there.sql can't be written, and nothing was: File exists")
    assert other.read_text() == "SELECT 1"
    assert not (tmp_path / "a").exists()


def test_missing_words_are_told_as_by_any_command() -> None:
    with pytest.raises(CommandError) as caught:
        call_command("newmigration", "--type", "migrate")

    assert str(caught.value) == "Error: the following arguments are required: --name, --schema"
