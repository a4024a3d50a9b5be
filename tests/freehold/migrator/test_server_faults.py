"""The server ends, or its disk is full, in the middle of a run: the next one finishes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections
from pytest_django import DjangoDbBlocker

from freehold import embedded
from freehold.embedded.directories import Directory
from tests.disks import make_room, opening_small_disk
from tests.freehold.embedded.processes import kill_server
from tests.freehold.migrator.estates import ALIAS, Estate, open_estate
from tests.freehold.migrator.interruptions import choose, run_interrupted

pytestmark = [pytest.mark.postgresql, pytest.mark.once]
SOME = 4
INDEX = 'AddIndexConcurrently("meadow", models.Index(fields=["name"], name="meadow_name_idx")),'
COLUMN = 'migrations.AddField("meadow", "colour", models.TextField(default="red", db_default="red")),'
INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"


@pytest.fixture
def path() -> Iterator[str]:
    """A server of the test's own."""
    directory = Path(tempfile.mkdtemp(prefix="freehold-faults-"))
    directory.chmod(0o755)
    path = str(directory / "postgres")
    yield path
    embedded.stop(path)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def estate(
    path: str, lots: None, tmp_path: Path, settings: Any, django_db_blocker: DjangoDbBlocker
) -> Iterator[Estate]:
    """The server's database with the tracking tables, and apps whose migrations a test writes."""
    default = connections.settings["default"]
    options = {**default["OPTIONS"], "embedded": path}
    before = connections.settings.get(ALIAS)
    connections.settings[ALIAS] = {**deepcopy(default), "NAME": "freehold", "OPTIONS": options}
    if hasattr(connections._connections, ALIAS):
        del connections[ALIAS]
    with django_db_blocker.unblock():
        call_command("migrate", "freehold", database=ALIAS, verbosity=0)
        server = {**embedded.get_address(path), "user": "postgres", "dbname": "freehold"}
        yield from open_estate(tmp_path, server, settings)
        connections[ALIAS].close()
    del connections[ALIAS]
    del connections.settings[ALIAS]
    if before:
        connections.settings[ALIAS] = before


@pytest.fixture
def meadow(estate: Estate) -> Estate:
    """Three migrations, one of them without a transaction."""
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    estate.write("meadow", "0002_parts", COLUMN + INDEX, atomic=False)
    estate.write_sql("meadow", "0003_rows", "INSERT INTO app.meadow (name) VALUES ('a')", back="SELECT 1")
    return estate


def test_run_whose_server_is_killed_is_finished_by_the_next(
    meadow: Estate, path: str, request: pytest.FixtureRequest
) -> None:
    connections[ALIAS].close()
    total = run_interrupted(lambda: meadow.migrate("meadow"), at=0)
    roll_back()

    for at in (chosen := choose(total, SOME)):
        meadow.clear_history()
        # At its last message all is written down, and it only gives back what the server has lost.
        with suppress(AssertionError) if at == total else pytest.raises(AssertionError):
            run_interrupted(lambda: meadow.migrate("meadow"), at, lambda: kill_server(path))
        meadow.server.update(embedded.get_address(path))  # which starts it again
        meadow.migrate("meadow")

        ended = sorted(row[0] for row in meadow.history if row[1] == "up" and row[3] == "ok")
        assert ended == meadow.applied == ["meadow.0001_meadow", "meadow.0002_parts", "meadow.0003_rows"], at
        assert meadow.query("SELECT name, colour FROM app.meadow") == [("a", "red")]
        assert meadow.query(INVALID) == [(0,)]
        roll_back()
    request.node.user_properties.append(("faults: killed servers", len(chosen)))


def roll_back() -> None:
    """Take the test's migrations back."""
    call_command("rollback", "--to", "meadow", "zero", "--yes", database=ALIAS, verbosity=0)
    connections[ALIAS].close()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 8 MB, given back once no server uses it any more."""
    with opening_small_disk() as place:
        yield place


def test_run_on_a_full_disk_leaves_nothing_and_is_finished_once_there_is_room(
    small_disk: Path, path: str, estate: Estate, request: pytest.FixtureRequest
) -> None:
    shutil.chown(small_disk, Directory(Path(path)).data.stat().st_uid)
    estate.query(f"CREATE TABLESPACE small LOCATION '{small_disk}'")
    estate.query(
        "GRANT CREATE ON TABLESPACE small TO app_owner; ALTER DATABASE freehold SET default_tablespace = small"
    )
    connections[ALIAS].close()
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    rows = "INSERT INTO app.meadow (name) SELECT repeat(i::text, 200) FROM generate_series(1, 30000) i"
    estate.write_sql("meadow", "0002_rows", rows, back="SELECT 1")

    with pytest.raises(DatabaseError, match="No space left on device"):
        estate.migrate("meadow")
    assert estate.applied == ["meadow.0001_meadow"]
    assert estate.query("SELECT count(*) FROM app.meadow") == [(0,)]
    assert [row[3] for row in estate.history] == ["ok", "failed"]

    make_room(small_disk)
    estate.migrate("meadow")
    assert estate.query("SELECT count(*) FROM app.meadow") == [(30000,)]
    assert [row[3] for row in estate.history] == ["ok", "failed", "ok"]
    request.node.user_properties.append(("faults: full disks", 1))
