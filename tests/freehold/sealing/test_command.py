"""`manage.py ticketkeys`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections

from freehold.ownership import lookup
from freehold.sealing.management.commands.ticketkeys import SealingError
from tests.seeded import ALIAS

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"


@pytest.fixture
def kept(seeded: str) -> Iterator[None]:
    """The keys of the filled database are afterwards as before."""
    yield
    connections[ALIAS].close()


def run(**options: object) -> list[str]:
    output = StringIO()
    call_command("ticketkeys", database=ALIAS, stdout=output, no_color=True, **options)
    return output.getvalue().splitlines()


@pytest.mark.postgresql
def test_keys_are_listed_with_their_times_and_without_their_values(kept: None) -> None:
    head, *keys = run()

    assert head.split() == ["key", "made", "ends"]
    assert all(re.fullmatch(rf"\d+ +{TIME}  ({TIME}|in use)", key) for key in keys)
    assert keys[-1].endswith("in use")


@pytest.mark.postgresql
def test_rotation_makes_a_key_and_lets_the_others_end(kept: None) -> None:
    before = run()

    *keys, said = run(rotate=True)

    number = int(before[-1].split()[0]) + 1
    assert said == f"Made key {number}."
    assert keys[:-2] == before[:-1]
    assert re.fullmatch(rf"{number - 1} +{TIME}  {TIME}", keys[-2])
    assert re.fullmatch(rf"{number} +{TIME}  in use", keys[-1])


@pytest.mark.parametrize("overlap", [-1, 1441])
def test_overlap_out_of_bounds_is_refused(kept: None, overlap: int) -> None:
    with pytest.raises(SealingError, match=f"^--overlap is 0 to 1440 minutes, and {overlap} was asked for$"):
        run(rotate=True, overlap=overlap)


@pytest.mark.postgresql
def test_map_without_the_app_is_told_what_to_add(kept: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ownership = lookup.get_ownership()
    schemas = tuple(replace(each, apps=()) if each.name == "seal" else each for each in ownership.schemas)
    monkeypatch.setattr(
        "freehold.sealing.management.commands.ticketkeys.get_ownership", lambda: replace(ownership, schemas=schemas)
    )

    with pytest.raises(SealingError, match="no schema of the ownership map has the app sealing: add Schema"):
        run()


@pytest.mark.sqlite
def test_sqlite_has_no_keys_and_says_so(kept: None) -> None:
    assert run() == ["SQLite signs no tickets, and has no keys."]
