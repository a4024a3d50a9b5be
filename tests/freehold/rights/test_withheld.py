"""What the map withholds, on real servers: from every service, also from the one that writes the schema."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from freehold.ownership import Contract, Withheld
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql

MORE = """
    SET ROLE field@;
    CREATE TABLE field.well (id int, depth int, word text);
    CREATE TABLE field.cellar (id int);
    CREATE FUNCTION field.dig(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
    RESET ROLE;
"""
WITHHELD = (
    Withheld("well", columns=("word",), verbs=("UPDATE",)),
    Withheld("cellar"),
    Withheld("hedge", verbs=("INSERT",)),
    Withheld("dig(int)"),
    Withheld("area(int)"),
)


@pytest.fixture
def closed(estate: Estate) -> Estate:
    """An estate whose map withholds, and gives one function back to the service that writes the schema."""
    schemas = tuple(
        replace(each, withheld=WITHHELD) if each.name == "field" else each for each in estate.ownership.schemas
    )
    contracts = (*estate.ownership.contracts, Contract("field", consumer="farm", call=("area(int)",)))
    estate.make()
    estate.execute(MORE)
    estate.ownership = replace(estate.ownership, schemas=schemas, contracts=contracts)
    estate.apply()
    return estate


def may(estate: Estate, user: str, statement: str) -> bool:
    """Tell whether a statement goes through as a login; nothing of it is kept."""
    with estate.connect(user) as session, session.transaction(force_rollback=True):
        try:
            session.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return False
    return True


@pytest.mark.parametrize(
    ("statement", "is_left"),
    [
        ("SELECT id, depth FROM field.well", True),
        ("INSERT INTO field.well (id, depth) VALUES (1, 2)", True),
        ("DELETE FROM field.well", True),
        ("SELECT count(*) FROM field.well", True),
        ("SELECT * FROM field.well", False),
        ("SELECT word FROM field.well", False),
        ("SELECT well FROM field.well", False),
        ("INSERT INTO field.well (word) VALUES ('x')", False),
        ("UPDATE field.well SET depth = 1", False),
        ("DELETE FROM field.well WHERE word = 'x'", False),
        ("DELETE FROM field.well RETURNING word", False),
        ("SELECT id FROM field.cellar", False),
        ("INSERT INTO field.cellar VALUES (1)", False),
        ("DELETE FROM field.cellar", False),
        ("SELECT id FROM field.hedge", True),
        ("UPDATE field.hedge SET id = 1", True),
        ("INSERT INTO field.hedge VALUES (1)", False),
        ("SELECT field.dig(1)", False),
        ("SELECT field.area(1)", True),
    ],
)
def test_service_that_writes_the_schema_gets_what_is_left(closed: Estate, statement: str, is_left: bool) -> None:
    assert may(closed, "farm", statement) is is_left


def test_nothing_differs_afterwards_and_whatever_is_given_by_hand_does(closed: Estate) -> None:
    assert closed.check() == []

    closed.execute("GRANT SELECT ON field.cellar TO farm@; GRANT UPDATE (word) ON field.well TO farm@")
    closed.execute("GRANT EXECUTE ON FUNCTION field.dig(int) TO farm@; REVOKE SELECT (depth) ON field.well FROM farm@")
    told = closed.tell()

    given = {("D013", "field.cellar"), ("D013", "field.dig(integer)"), ("D013", "field.well")}
    assert {tuple(line.partition(":")[0].split(" ", 1)) for line in told} == {*given, ("D012", "field.well")}
    closed.apply()
    assert closed.check() == []


def test_column_that_comes_later_is_as_the_others(closed: Estate) -> None:
    closed.execute("SET ROLE field@; ALTER TABLE field.well ADD COLUMN lid text; RESET ROLE")
    assert not may(closed, "farm", "SELECT lid FROM field.well")

    closed.apply()

    assert may(closed, "farm", "SELECT lid FROM field.well")
    assert not may(closed, "farm", "SELECT word FROM field.well")


def test_service_that_reads_the_schema_reads_what_is_left(closed: Estate) -> None:
    services = tuple(
        replace(each, reads=("field",), writes=()) if each.name == "inn" else each for each in closed.ownership.services
    )
    closed.ownership = replace(closed.ownership, services=services)
    closed.apply()

    assert may(closed, "inn", "SELECT id FROM field.well")
    assert not may(closed, "inn", "SELECT word FROM field.well")
    assert not may(closed, "inn", "SELECT id FROM field.cellar")
