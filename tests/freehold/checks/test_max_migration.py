"""E040 to E044: each broken, reported, mended and silent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from freehold.authoring.order import find_chain
from freehold.scripts.pairs import shorten
from tests.freehold.lanes import BARN, Lane

CONFLICT = "<<<<<<< HEAD\n0002_hay\n=======\n0002_straw\n>>>>>>> main\n"


def tell(lane: Lane) -> list[tuple[str, str, str | None]]:
    """Give id, message and hint of what is said of the lane, with its paths shortened."""
    place = shorten(lane.folder)
    return [(str(each.id), each.msg.replace(f"{place}/", ""), each.hint) for each in lane.check()]


@pytest.mark.django_db
def test_missing_file_is_reported_until_makemigrations_writes_it(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)

    assert tell(lane) == [
        (
            "freehold.E040",
            "The app 'barn' has migrations and no max_migration.txt beside them.",
            "Run manage.py makemigrations, which writes it, and check it in.",
        )
    ]
    call_command("makemigrations", "barn", verbosity=0)
    assert (tell(lane), lane.read_last()) == ([], "0001_barn\n")


def test_conflict_is_reported_until_one_name_is_left(lane: Lane) -> None:
    lane.write("0001_barn")
    lane.write_last(CONFLICT)

    assert tell(lane) == [
        (
            "freehold.E041",
            "max_migration.txt has 5 lines, and the name of one migration is expected.",
            "Two branches added a migration: manage.py rebasemigration barn puts yours behind the other.",
        )
    ]
    lane.write_last("0001_barn\n")
    assert tell(lane) == []


def test_empty_file_is_reported(lane: Lane) -> None:
    lane.write("0001_barn")
    lane.write_last("\n")

    ((number, message, hint),) = tell(lane)

    assert (number, message) == (
        "freehold.E041",
        "max_migration.txt has 0 lines, and the name of one migration is expected.",
    )
    assert hint == "Write the last migration's name into it, without .py."


def test_unknown_name_is_reported_until_the_right_one_is_written(lane: Lane) -> None:
    lane.write("0001_barn")
    lane.write_last("0001_burn\n")

    assert tell(lane) == [
        (
            "freehold.E042",
            "max_migration.txt names 0001_burn, and the app 'barn' has no such migration.",
            "Write 0001_barn into it; if that is an older one, put back the file of the other.",
        )
    ]
    lane.write_last("0001_barn\n")
    assert tell(lane) == []


def test_older_name_is_reported_until_the_last_is_written(lane: Lane) -> None:
    lane.write("0001_barn")
    lane.write("0002_hay", "0001_barn")
    lane.write_last("0001_barn\n")

    ((number, message, _),) = tell(lane)

    assert (number, message) == (
        "freehold.E043",
        "max_migration.txt names 0001_barn, and the last migration is 0002_hay.",
    )
    lane.write_last("0002_hay\n")
    assert tell(lane) == []


def test_two_last_migrations_are_reported_until_they_follow_one_another(lane: Lane) -> None:
    lane.write("0001_barn")
    lane.write("0002_hay", "0001_barn")
    lane.write("0002_straw", "0001_barn")
    lane.write_last("0002_straw\n")

    assert tell(lane) == [
        (
            "freehold.E044",
            "The migrations of the app 'barn' end in 2: 0002_hay and 0002_straw.",
            "Run manage.py rebasemigration barn NAME with the newer one, which puts it behind the other.",
        )
    ]
    lane.write("0002_straw", "0002_hay")
    assert tell(lane) == []


def test_squashed_migration_stands_for_what_it_replaces(lane: Lane) -> None:
    lane.write("0001_barn")
    lane.write("0002_hay", "0001_barn")
    lane.write("0001_squashed_0002", replaces=("0001_barn", "0002_hay"))
    lane.write_last("0002_hay\n")

    assert tell(lane) == []
    lane.write("0003_straw", "0002_hay")
    chain = find_chain("barn")
    assert chain is not None
    assert chain.leaves == ["0003_straw"]


def test_app_without_migrations_needs_no_file(lane: Lane) -> None:
    assert tell(lane) == []


def test_apps_that_are_not_asked_about_are_left_out(lane: Lane) -> None:
    from django.apps import apps

    from freehold.checks.max_migration import check_order

    lane.write("0001_barn")

    assert check_order([apps.get_app_config("items")]) == []


def test_project_is_in_order(run: Callable[[str], list[Any]]) -> None:
    for number in range(40, 45):
        assert run(f"freehold.E0{number}") == []
