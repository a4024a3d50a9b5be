"""A dump that was restored without owners and rights is taken over by `bootstrap`, and by `migrate` after it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from freehold.ownership import Contract
from freehold.rights.bootstrap import bootstrap
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
