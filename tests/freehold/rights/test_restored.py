"""A dump that was restored without owners and rights is taken over by `bootstrap`, and by `migrate` after it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from freehold.errors import OwnershipError
from freehold.ownership import Contract
from freehold.rights.bootstrap import bootstrap
from tests.freehold.estates import make_login
from tests.freehold.ownership.conftest import PROGRAMS_15
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql
MORE = """
    SET ROLE field@;
    CREATE COLLATION field.plain FROM "C";
    CREATE TEXT SEARCH CONFIGURATION field.words (COPY = pg_catalog.simple);
    CREATE TEXT SEARCH DICTIONARY field.simple (TEMPLATE = pg_catalog.simple);
    CREATE STATISTICS field.together ON id, keeper FROM field.plot;
    CREATE FUNCTION field.same(a field.crop, b field.crop) RETURNS boolean LANGUAGE sql IMMUTABLE
        SET search_path = pg_catalog, pg_temp AS 'SELECT a::text = b::text';
    CREATE OPERATOR field.=== (LEFTARG = field.crop, RIGHTARG = field.crop, FUNCTION = field.same);
    CREATE TYPE field.span AS RANGE (subtype = numeric);
    CREATE TABLE field.year (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE field.year_2026 PARTITION OF field.year FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE MATERIALIZED VIEW field.tallest AS SELECT id FROM field.hedge;
    CREATE PROCEDURE field.sow() LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT 1';
    RESET ROLE
"""
OWNERS = """
    SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), c.relacl::text FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('field', 'wood', 'sea') ORDER BY 1, 2
"""


@pytest.fixture
def programs(estate: Estate) -> Path:
    """Where the server's pg_dump lies."""
    with estate.connect() as session:
        if session.info.server_version < 160000:
            return PROGRAMS_15
    from freehold import embedded
    from tests.dialect import OWNER

    return Path(embedded.get_psql(f"{os.environ[OWNER]}/postgres")[0][0]).parent


@pytest.fixture
def restored(estate: Estate, programs: Path, tmp_path: Path) -> Iterator[tuple[Estate, Estate]]:
    """An estate, and what `pg_restore -O -x` makes of its dump in a database beside it."""
    reference = Contract("sea", consumer="wood", reference={"fish": ("id",)})
    estate.ownership = replace(estate.ownership, contracts=(*estate.ownership.contracts, reference))
    estate.make()
    estate.execute(MORE)
    estate.apply()
    name = f"restored_{estate.tag}"
    run(estate, programs / "pg_dump", "-Fc", "-O", "-x", "-f", tmp_path / "dump", estate.database["dbname"])
    estate.execute(f"CREATE DATABASE {name}")
    other = Estate({**estate.database, "dbname": name}, estate.tag, estate.passfile)
    other.ownership = estate.ownership
    try:
        run(estate, programs / "pg_restore", "-O", "-x", "-d", name, tmp_path / "dump")
        yield estate, other
    finally:
        estate.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(estate: Estate, program: Path, *words: object) -> None:
    names = {"host": "PGHOST", "port": "PGPORT", "passfile": "PGPASSFILE"}
    environment = {**os.environ, **{names[key]: str(estate.database[key]) for key in names}, "PGUSER": "postgres"}
    subprocess.run([program, *map(str, words)], env=environment, check=True, capture_output=True)


def test_bootstrap_alone_takes_over_what_was_restored(restored: tuple[Estate, Estate]) -> None:
    before, estate = restored
    with estate.connect() as admin:
        bootstrap(admin, estate.ownership, estate.passfile)
        again = bootstrap(admin, estate.ownership, estate.passfile)
    left = {finding.split()[0] for finding in estate.tell()}
    estate.apply("steward")  # as `migrate` does at its end

    assert again == []
    assert left <= {"D012", "D013", "D017", "D020", "D022", "D027", "D028"}  # rights and policies of Django's tables
    assert estate.tell() == []
    assert estate.execute(OWNERS) == before.execute(OWNERS)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("COLLATION field.plain", "field.plain"),
        ("TEXT SEARCH CONFIGURATION field.words", "field.words"),
        ("TEXT SEARCH DICTIONARY field.simple", "field.simple"),
        ("STATISTICS field.together", "field.together"),
        ("OPERATOR field.=== (field.crop, field.crop)", "field.===(field.crop,field.crop)"),
        ("PROCEDURE field.sow()", "field.sow()"),
        ("MATERIALIZED VIEW field.tallest", "field.tallest"),
    ],
)
def test_what_has_an_owner_and_no_rights_is_handed_over_too(estate: Estate, statement: str, finding: str) -> None:
    estate.make()
    estate.execute(MORE)
    estate.apply()
    estate.execute(f"ALTER {statement} OWNER TO postgres")

    assert estate.tell() == [f"D011 {finding}: owned by postgres; declared: owned by field"]
    estate.execute_script(estate.plan())
    assert estate.tell() == []


LEFT = """
    CREATE SCHEMA field; CREATE SCHEMA wood;
    CREATE TABLE field.plot (id serial PRIMARY KEY, keeper text);
    CREATE TABLE wood.tree (id int PRIMARY KEY, plot int REFERENCES field.plot);
    CREATE VIEW field.hedge AS SELECT id FROM field.plot;
    CREATE MATERIALIZED VIEW field.tallest AS SELECT id FROM field.hedge;
    CREATE SEQUENCE wood.ring;
    CREATE TYPE field.crop AS ENUM ('oat');
    CREATE COLLATION field.plain FROM "C";
    CREATE FUNCTION field.area() RETURNS int LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT 1'
"""
HANDED = [
    *(f"hand {each} from keeper to field" for each in ("field.area()", "field.crop", "field.hedge", "field.plain")),
    *(f"hand {each} from keeper to field" for each in ("field.plot", "field.tallest", "schema field")),
    *(f"hand {each} from keeper to wood" for each in ("schema wood", "wood.ring", "wood.tree")),
]


@pytest.fixture
def keeper(estate: Estate) -> Iterator[psycopg.Connection]:
    """A session of who owns the database, has CREATEROLE and is no superuser, and restored it without owners."""
    login = make_login(estate.database, f"keeper_{estate.tag}", "CREATEROLE")
    estate.execute(f"ALTER DATABASE {estate.database['dbname']} OWNER TO keeper@")
    with psycopg.connect(**login, autocommit=True) as session:
        session.execute(LEFT)
        yield session


def test_bootstrap_of_who_restored_it_and_is_no_superuser_takes_it_over(
    estate: Estate, keeper: psycopg.Connection
) -> None:
    done = bootstrap(keeper, estate.ownership, estate.passfile)
    again = bootstrap(keeper, estate.ownership, estate.passfile)

    handed = [estate.plain(each) for each in done if each.startswith("hand ") and "pg_database_owner" not in each]
    assert sorted(handed) == sorted(HANDED)
    assert again == []
    assert not {"D008", "D011", "D013"} & {finding.split()[0] for finding in estate.tell()}


def test_bootstrap_leaves_what_another_than_who_runs_it_owns(estate: Estate, keeper: psycopg.Connection) -> None:
    estate.execute("ALTER TABLE wood.tree OWNER TO postgres; CREATE TABLE field.shed ()")

    bootstrap(keeper, estate.ownership, estate.passfile)

    strange = [each.partition(";")[0] for each in estate.tell() if each.startswith("D011")]
    assert sorted(strange) == ["D011 field.shed: owned by postgres", "D011 wood.tree: owned by postgres"]


def test_bootstrap_that_lacks_the_schema_says_so_and_changes_nothing(
    estate: Estate, keeper: psycopg.Connection
) -> None:
    estate.execute("ALTER SCHEMA wood OWNER TO postgres")

    with pytest.raises(OwnershipError) as caught:
        bootstrap(keeper, estate.ownership, estate.passfile)

    assert "nothing was changed" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "D008 schema field: owned by keeper; declared: owned by field" in estate.tell()
