"""A move that does not get its turn stands back, and whoever waited behind it goes on."""

from __future__ import annotations

import threading

import pytest
from pytest_django.fixtures import Settings

from freehold.errors import MigrationError
from tests.freehold.operations.moving.estates import MOVE, RUN_WITHIN, MovingEstate

pytestmark = pytest.mark.postgresql
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"


@pytest.fixture
def brief(estate: MovingEstate) -> MovingEstate:
    """The estate with a move that waits for a tenth of a second."""
    estate.make_runs()
    estate.write_move()
    path = estate.directory / estate.package / "meadow" / "0001_move.py"
    path.write_text(path.read_text().replace("    initial =", '    lock_timeout = "100ms"\n    initial ='))
    return estate


def test_writers_go_on_while_someone_holds_the_table_and_the_move_follows(brief: MovingEstate) -> None:
    migrator = threading.Thread(target=brief.migrate_in_thread, args=("meadow",))
    with brief.connect("web") as holder:
        holder.execute("BEGIN; SELECT 1 FROM public.runs")
        migrator.start()
        brief.wait_until(WAITING, 1)
        # Queued behind the migrator, which gives up: this ends while the holder still holds the table.
        brief.as_login("web", "INSERT INTO public.runs (note) VALUES ('between')")
        holder.execute("COMMIT")
    migrator.join()

    assert ("public.runs", "v", "moving_migrator") in brief.list_names()
    assert brief.as_login("web", "SELECT count(*) FROM public.runs") == [(4,)]


def test_move_that_never_gets_its_turn_names_who_is_in_the_way(brief: MovingEstate, settings: Settings) -> None:
    settings.MIGRATION_RETRIES = 0
    with brief.connect("web") as holder:
        holder.execute("BEGIN; SELECT 1 FROM public.runs")

        with pytest.raises(MigrationError, match=r"meadow\.0001_move got no lock"):
            brief.migrate("meadow")

    assert ("public.runs", "r", "moving_migrator") in brief.list_names()


def test_one_who_took_a_number_first_is_not_the_one_that_ends(brief: MovingEstate) -> None:
    # A deadlock in the making: it holds the sequence and comes for the table, which the move holds and comes for the
    # sequence. The move waits for less than deadlock_timeout, and gives way.
    migrator = threading.Thread(target=brief.migrate_in_thread, args=("meadow",))
    with brief.connect("web") as writer:
        writer.execute("BEGIN; SELECT nextval('public.runs_id_seq')")
        migrator.start()
        brief.wait_until(WAITING, 1)
        writer.execute("INSERT INTO public.runs (id, note) VALUES (99, 'first')")
        writer.execute("COMMIT")
    migrator.join()

    assert brief.as_login("web", "SELECT note FROM public.runs WHERE id = 99") == [("first",)]
    assert ("public.runs", "v", "moving_migrator") in brief.list_names()


def test_app_that_moves_as_a_whole_keeps_its_former_owner_for_older_migrations(
    estate: MovingEstate, settings: Settings
) -> None:
    settings.OWNERSHIP = "tests.freehold.operations.moving.maps.WHOLE"
    estate.write_runs()
    estate.write("stray", "0002_more", 'migrations.AddField("Run", "more", models.TextField(null=True)),\n')
    steps = 'MoveTable("public.steps", "app.steps", model="stray.Step"),\n'
    estate.write("stray", "0003_move", MOVE + steps)
    estate.write("stray", "0004_later", 'migrations.AddField("Run", "later", models.TextField(null=True)),\n')

    estate.migrate("stray")
    names = {name: owner for name, kind, owner in estate.list_names() if kind == "r"}
    estate.migrate("stray", "0002")

    assert names == {"app.runs": "moving_app_owner", "app.steps": "moving_app_owner"}
    assert {role for _, _, role, *_ in estate.history} == {"moving_app_owner", "moving_migrator"}
    assert {name for name, kind, _ in estate.list_names() if kind == "r"} == {"public.runs", "public.steps"}


def test_two_apps_of_one_schema_need_no_more_than_a_view(estate: MovingEstate, settings: Settings) -> None:
    settings.OWNERSHIP = "tests.freehold.operations.moving.maps.WITHIN"
    estate.write("meadow", "0001_run", RUN_WITHIN)
    estate.write(
        "manor",
        "0001_move",
        'MoveTable("app.runs", "app.jobs", model="meadow.Run"),\n',
        after=(("meadow", "0001_run"),),
    )
    estate.migrate("meadow")
    before = estate.list_names()

    estate.migrate("manor")
    moved = {name: kind for name, kind, _ in estate.list_names() if kind in "rv"}
    estate.as_login("api", "INSERT INTO app.runs (note) VALUES ('a')")
    found = estate.as_login("api", "SELECT note FROM app.jobs")
    drift = estate.tell_drift()
    estate.migrate("manor", "zero")

    assert moved == {"app.jobs": "r", "app.runs": "v"}
    assert found == [("a",)]
    assert drift == []
    assert estate.list_names() == before
