"""The way down: a plan first, a question before data are lost, and all or nothing of each migration."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from freehold.errors import MigrationError
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.migrator.test_executor import refuse

pytestmark = pytest.mark.postgresql
MEADOW = ("meadow", "0001_meadow")
SIZE = 'migrations.AddField("meadow", "size", models.IntegerField(null=True)),'


@pytest.fixture
def farm(estate: Estate) -> Estate:
    """Three migrations of two apps: auth.manor, app.meadow, and a column of the meadow."""
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    estate.write("meadow", "0002_size", SIZE)
    estate.migrate("manor")
    estate.migrate("meadow")
    return estate


def roll_back(*arguments: str, **options: Any) -> list[str]:
    """Run the command; give the lines that it prints."""
    output = StringIO()
    call_command("rollback", *arguments, database=ALIAS, stdout=output, no_color=True, **options)
    return output.getvalue().splitlines()


def fail(*arguments: str, **options: Any) -> str:
    """Run the command, which must be refused; give the message."""
    with pytest.raises(MigrationError) as caught:
        roll_back(*arguments, **options)
    return str(caught.value)


# --- What is taken back ------------------------------------------------------------------------------------------
def test_steps_take_the_newest_back_whatever_their_app(farm: Estate) -> None:
    output = roll_back("--steps", "2")

    assert output[:3] == ["To be taken back, in this order:", "  meadow.0002_size", "  meadow.0001_meadow"]
    assert farm.applied == ["manor.0001_manor"]
    assert farm.tables == {"auth.manor": "auth_owner"}
    assert farm.history[-2:] == [
        ("meadow.0002_size", "down", "app_owner", "ok", ""),
        ("meadow.0001_meadow", "down", "app_owner", "ok", ""),
    ]


def test_what_depends_on_a_step_goes_with_it_though_applied_before(farm: Estate) -> None:
    farm.query("UPDATE public.django_migrations SET id = id + 1000 WHERE app = 'meadow' AND name = '0001_meadow'")

    roll_back("--steps", "1")

    assert farm.applied == ["manor.0001_manor"]


def test_to_takes_back_what_came_after(farm: Estate) -> None:
    roll_back("--to", *MEADOW)

    assert farm.applied == ["manor.0001_manor", "meadow.0001_meadow"]


def test_to_zero_takes_back_the_whole_app(farm: Estate) -> None:
    roll_back("--to", "meadow", "zero")

    assert farm.applied == ["manor.0001_manor"]


def test_schema_takes_back_only_what_its_apps_have(farm: Estate) -> None:
    roll_back("--steps", "1", "--schema", "auth")

    assert farm.applied == ["meadow.0001_meadow", "meadow.0002_size"]


def test_plan_shows_and_changes_nothing(farm: Estate) -> None:
    farm.query("INSERT INTO app.meadow (name, size) VALUES ('a', 1), ('b', NULL)")

    output = roll_back("--steps", "2", "--plan")

    assert output == [
        "To be taken back, in this order:",
        "  meadow.0002_size",
        "    loses 1 value of app.meadow size",
        "  meadow.0001_meadow",
        "    loses 2 rows of app.meadow",
    ]
    assert len(farm.applied) == 3


# --- Data ----------------------------------------------------------------------------------------------------------
def test_rollback_that_would_lose_rows_is_refused_unless_it_is_wanted(farm: Estate) -> None:
    farm.query("INSERT INTO app.meadow (name) VALUES ('a')")

    message = fail("--steps", "2")
    kept = farm.query("SELECT name FROM app.meadow")
    roll_back("--steps", "2", "--yes")

    assert message == (
        "the rollback would lose data (meadow.0001_meadow: 1 row of app.meadow); nothing was changed. "
        "--yes does it unasked"
    )
    assert kept == [("a",)]
    assert "app.meadow" not in farm.tables


@pytest.mark.parametrize(("answer", "is_done"), [("yes", True), ("no", False), ("", False)])
def test_who_sits_at_a_terminal_is_asked(
    answer: str, is_done: bool, farm: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    farm.query("INSERT INTO app.meadow (name) VALUES ('a')")
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)

    if is_done:
        roll_back("--steps", "2")
    else:
        assert fail("--steps", "2") == "nothing was changed"

    assert asked == ["Data will be lost. Type yes to go on: "]
    assert ("app.meadow" not in farm.tables) is is_done


def test_rows_are_found_under_the_name_that_a_later_migration_gave_the_table(farm: Estate) -> None:
    renames = 'migrations.RenameModel("Meadow", "Field"), migrations.RenameField("field", "size", "acres"),'
    move = 'migrations.AlterModelTable("field", "app.field"),'
    farm.write("meadow", "0003_field", renames + move)
    farm.migrate("meadow")
    farm.query("INSERT INTO app.field (name, acres) VALUES ('a', 3)")

    output = roll_back("--to", "meadow", "zero", "--plan")

    assert [line.strip() for line in output if "loses" in line] == [
        "loses 1 value of app.field acres",
        "loses 1 row of app.field",
    ]


def test_sql_and_code_on_the_way_back_are_named(farm: Estate) -> None:
    farm.write_sql("meadow", "0003_more", "SELECT 1", back="DELETE FROM app.meadow")
    farm.write("meadow", "0004_code", "migrations.RunPython(migrations.RunPython.noop, lambda apps, editor: None),")
    farm.migrate("meadow")

    message = fail("--steps", "2")

    assert "meadow.0004_code: runs <lambda>(), and 1 more" in message
    assert "    runs SQL: DELETE FROM app.meadow" in roll_back("--steps", "2", "--plan")


@pytest.fixture
def acres(farm: Estate) -> Estate:
    """The farm with a column that a pair of SQL files adds."""
    told = 'migrations.AddField("meadow", "acres", models.IntegerField(null=True))'
    farm.write("meadow", "0003_acres", f'RunSQLFiles("meadow", "20260301120000_acres", [{told}]),')
    folder = farm.directory / farm.package / "meadow"
    path = folder / "0003_acres.py"
    path.write_text(f"from freehold.operations import RunSQLFiles\n{path.read_text()}")
    (folder / "sql").mkdir()
    for way, statement in (("up", "ADD COLUMN IF NOT EXISTS acres integer"), ("down", "DROP COLUMN IF EXISTS acres")):
        (folder / "sql" / f"20260301120000_acres.{way}.sql").write_text(f"ALTER TABLE app.meadow {statement};")
    farm.migrate("meadow")
    return farm


def test_values_that_a_file_drops_are_counted(acres: Estate) -> None:
    assert roll_back("--steps", "1", "--plan")[1:] == ["  meadow.0003_acres"]
    acres.query("INSERT INTO app.meadow (name, acres) VALUES ('a', 3)")

    assert roll_back("--steps", "1", "--plan")[2:] == ["    loses 1 value of app.meadow acres"]


def test_missing_file_of_a_way_back_is_named_before_anything_is_done(acres: Estate) -> None:
    acres.write("meadow", "0004_more", 'migrations.AddField("meadow", "more", models.IntegerField(null=True)),')
    acres.migrate("meadow")
    (acres.directory / acres.package / "meadow" / "sql" / "20260301120000_acres.down.sql").unlink()

    assert "20260301120000_acres.down.sql is missing: put it back" in fail("--steps", "2")
    assert acres.applied[-1] == "meadow.0004_more"


# --- Refusals --------------------------------------------------------------------------------------------------------
def test_migration_without_a_way_back_is_refused_before_anything_is_done(farm: Estate) -> None:
    farm.write_sql("meadow", "0003_one_way", "SELECT 1")
    farm.write("meadow", "0004_after", 'migrations.AddField("meadow", "more", models.IntegerField(null=True)),')
    farm.migrate("meadow")

    message = fail("--steps", "2")

    assert message.startswith("migration meadow.0003_one_way has no way back: Raw SQL operation; nothing was changed")
    assert farm.applied[-1] == "meadow.0004_after"


def test_migration_without_a_file_is_named(farm: Estate) -> None:
    farm.query("INSERT INTO public.django_migrations (app, name, applied) VALUES ('meadow', '0009_gone', now())")

    assert fail("--steps", "1").startswith("migration meadow.0009_gone is applied and has no file here")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--steps", "0"), "--steps 0: "),
        (("--steps", "500"), "--steps 500: 3 migrations are applied beside the history's own; give as many, or --all"),
        (("--to", "meadows", "0001"), "--to meadows: no app of that label has migrations"),
        (("--to", "meadow", "0007"), "--to meadow 0007: no migration, or more than one, of meadow begins like that"),
        (("--to", "meadow", "000"), "--to meadow 000: no migration, or more than one, of meadow begins like that"),
        (("--all", "--schema", "shop"), "--schema shop: the ownership map has auth, master, app, seal, limits, public"),
        (("--all", "--service", "shop"), "--service shop: the ownership map has web, api, admin"),
        (("--to", "meadow", "0001", "--schema", "app"), "--to names an app: leave --schema and --service out"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...], message: str, farm: Estate) -> None:
    assert fail(*arguments).startswith(message)
    assert len(farm.applied) == 3


def test_one_of_steps_to_and_all_is_asked_for(farm: Estate) -> None:
    with pytest.raises(CommandError, match="one of the arguments --steps --to --all is required"):
        roll_back()


def test_what_is_outside_the_part_and_depends_on_it_is_named(farm: Estate) -> None:
    farm.write("manor", "0002_after", "", after=(("meadow", "0002_size"),))
    farm.migrate("manor")

    message = fail("--all", "--schema", "app")

    assert message.startswith("--schema app: manor.0002_after depends on meadow.0002_size and is not of that part")


# --- One owner at a time, forwards -------------------------------------------------------------------------------
def test_migrate_of_a_schema_applies_what_its_apps_have(estate: Estate) -> None:
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")

    output = estate.migrate(schema="auth")
    tables = estate.tables
    roll_back("--all", "--schema", "auth", "--yes")

    assert "auth.manor" in tables
    assert "app.meadow" not in tables
    assert estate.tables == {}
    assert "Apply all migrations: admin, auth, auth_app, contenttypes, manor" in output


def test_migrate_of_a_part_that_needs_another_is_refused_with_nothing_done(estate: Estate) -> None:
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    estate.write("manor", "0001_manor", "", after=(("meadow", "0001_meadow"),))

    message = refuse_part(estate, schema="auth")

    assert "--schema auth needs meadow.0001_meadow, which is of schema app and not applied yet" in message
    assert estate.applied == []


def refuse_part(estate: Estate, **options: Any) -> str:
    """Migrate a part, which must be refused; give the message."""
    with pytest.raises(MigrationError) as caught:
        estate.migrate(**options)
    return str(caught.value)


def test_part_and_app_together_are_refused(estate: Estate) -> None:
    with pytest.raises(MigrationError, match="--schema app and meadow: name a part of the map or an app"):
        estate.migrate("meadow", schema="app")
    assert "two ways to say which part" in refuse_part(estate, schema="app", service="api")
    assert (
        refuse(estate, "--schema", "nowhere")
        == "--schema nowhere: the ownership map has auth, master, app, seal, limits, public"
    )
