"""Two databases of one server, whose roles and memberships are shared: neither map takes what the other needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from freehold.ownership import Schema, Service
from freehold.ownership.map import Move
from freehold.rights.bootstrap import bootstrap
from tests.freehold.estates import make_tag, open_database
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql

MEMBERS = """
    SELECT r.rolname::text, m.rolname::text FROM pg_auth_members a
    JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
    WHERE r.rolname LIKE '%@' AND m.rolname LIKE '%@' ORDER BY 1, 2
"""


def move(estate: Estate, *moves: Move) -> None:
    """Let tables of the estate's map move."""
    estate.ownership = replace(estate.ownership, mover=f"mover_{estate.tag}", moves=moves)


@pytest.fixture
def pair(estate: Estate) -> Iterator[tuple[Estate, Estate]]:
    """Two databases with the same roles, in line with their maps; in the first a table goes from field to wood."""
    with open_database(estate.database, make_tag()) as database:
        other = Estate(database, estate.tag, estate.passfile)
        move(estate, Move("field.hedge", "wood.hedge"))
        move(other)
        estate.make()
        yield estate, other


def bring_in_line(estate: Estate) -> list[str]:
    """Bootstrap and apply as the superuser, with no objects; give what was left to the other database."""
    with psycopg.connect(**estate.database, autocommit=True) as admin:
        bootstrap(admin, estate.ownership, estate.passfile)
    return [estate.plain(line) for line in estate.apply().anothers]


def test_second_map_without_moves_leaves_those_of_the_first(pair: tuple[Estate, Estate]) -> None:
    first, second = pair
    before = first.execute(MEMBERS)

    left = bring_in_line(second)

    assert first.execute(MEMBERS) == before
    name = first.database["dbname"]
    assert left == [
        f"{member} stays a member of {role}, as database {first.plain(str(name))} of the same server and migrator may "
        f"need it"
        for member, role in (("mover", "field"), ("mover", "wood"), ("steward", "mover"))
    ]
    assert [line for line in [*first.tell(), *second.tell()] if line.startswith(("D003", "D004"))] == []


def test_second_map_with_other_moves_leaves_those_of_the_first(pair: tuple[Estate, Estate]) -> None:
    first, second = pair
    before = first.execute(MEMBERS)
    move(second, Move("public.gate", "wood.gate"))

    bring_in_line(second)

    assert set(before) <= set(first.execute(MEMBERS))
    assert [line for line in [*first.tell(), *second.tell()] if line.startswith(("D003", "D004"))] == []


def test_second_map_without_a_schema_and_a_service_leaves_their_memberships(pair: tuple[Estate, Estate]) -> None:
    first, second = pair
    mine = first.ownership
    first.ownership = replace(
        mine,
        schemas=(*mine.schemas, Schema("lake", owner=f"lake_{first.tag}")),
        services=(*mine.services, Service("boat", login=f"boat_{first.tag}", reads=("lake",), search_path=("lake",))),
    )
    bring_in_line(first)
    before = first.execute(MEMBERS)

    left = bring_in_line(second)

    assert first.execute(MEMBERS) == before
    assert [line.partition(",")[0] for line in left if "lake" in line or "boat" in line] == [
        "all stays a member of boat",
        "steward stays a member of lake",
    ]


def test_what_no_other_database_needs_is_taken(pair: tuple[Estate, Estate]) -> None:
    first, second = pair
    bring_in_line(second)
    first.execute("GRANT stranger@ TO steward@; GRANT wood@ TO farm@; GRANT pg_read_all_data TO steward@")

    found = [line for line in second.tell() if line.startswith("D004")]

    assert sorted(line.partition(" with")[0] for line in found) == [
        "D004 role farm: member of wood",
        "D004 role steward: member of pg_read_all_data",
        "D004 role steward: member of stranger",
    ]


def test_what_no_map_declares_of_the_mover_is_taken(pair: tuple[Estate, Estate]) -> None:
    first, second = pair
    bring_in_line(second)
    first.execute("GRANT mover@ TO all@; GRANT pg_write_all_data TO mover@; GRANT mover@ TO farm@")

    found = [[line for line in each.tell() if line.startswith("D004")] for each in (first, second)]

    services = ["D004 role all: member of mover", "D004 role farm: member of mover"]
    assert [sorted(line.partition(" with")[0] for line in those) for those in found] == [
        [*services, "D004 role mover: member of pg_write_all_data"],
        services,
    ]


def test_move_that_is_over_takes_the_memberships_where_no_other_database_is(estate: Estate) -> None:
    move(estate, Move("field.hedge", "wood.hedge"))
    estate.make()
    move(estate)

    applied = estate.apply()

    assert applied.anothers == []
    assert [row for row in estate.execute(MEMBERS) if f"mover_{estate.tag}" in row] == []
