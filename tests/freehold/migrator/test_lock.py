"""One migrator at a time, across processes; the lock goes with the process, however that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from freehold.migrator.lock import KEY, TRY, WORK_KEY
from freehold.passfile import find_password
from tests.freehold.embedded.processes import Child, wait_for
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.migrator.poolers import behind_pooler

pytestmark = pytest.mark.postgresql

HERE = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
ASKING = f"{HERE} AND starts_with(application_name, 'freehold migrate')"
WAITING = f"{HERE} AND wait_event_type = 'Lock' AND usename = 'migrator'"


@pytest.fixture
def slow(estate: Estate) -> Estate:
    """The estate with a migration that waits for whoever locks app.gate."""
    estate.query("SET ROLE app_owner; CREATE TABLE app.gate ()")
    estate.write_sql("meadow", "0001_meadow", "LOCK TABLE app.gate", "CREATE TABLE app.meadow ()")
    connections[ALIAS].close()
    return estate


@contextmanager
def closed_gate(estate: Estate) -> Iterator[None]:
    """Keep the migration waiting inside the block."""
    with psycopg.connect(**estate.server) as root:
        root.execute("LOCK TABLE app.gate")
        yield


def count_migrators(estate: Estate) -> int:
    """Count those who hold the lock or ask for it."""
    return int(estate.query(ASKING)[0][0])


def is_waiting_at_gate(estate: Estate) -> bool:
    return bool(estate.query(WAITING)[0][0])


def test_second_migrator_waits_and_then_finds_nothing_to_do(slow: Estate) -> None:
    with closed_gate(slow):
        first = Child(slow.migrate, "meadow")
        wait_for(lambda: is_waiting_at_gate(slow))
        second = Child(slow.migrate, "meadow")
        wait_for(lambda: count_migrators(slow) == 2)

    outputs = [first.wait().splitlines(), second.wait().splitlines()]
    assert "  Applying meadow.0001_meadow... OK" in outputs[0]
    assert outputs[1][0].startswith("Waiting for another migrate to end: freehold migrate, process ")
    assert "  No migrations to apply." in outputs[1]
    assert [row[1:4] for row in slow.history] == [("up", "app_owner", "ok")]


def test_migrators_that_start_at_once_apply_each_migration_once(estate: Estate) -> None:
    for number in range(1, 6):
        estate.write_table("manor", f"000{number}_more", f"More{number}", f"auth.more{number}")
    connections[ALIAS].close()

    for child in [Child(estate.migrate, "manor") for _ in range(3)]:
        child.wait()

    assert len(estate.applied) == len(estate.history) == 5


@contextmanager
def held_by_services(estate: Estate, *takes: str) -> Iterator[None]:
    """Let services hold the advisory lock inside the block, each by its own statement."""
    with ExitStack() as stack:
        for login, take in zip(("web_rw", "api_rw"), takes, strict=False):
            password = find_password(Path(estate.server["passfile"]), user=login, host=estate.server["host"])
            service = {**estate.server, "user": login, "password": password}
            stack.enter_context(psycopg.connect(**service, autocommit=True)).execute(take)  # type: ignore[call-overload]
        yield


@pytest.mark.parametrize(
    "takes",
    [
        (f"SELECT pg_advisory_lock({KEY})",),
        (f"SELECT pg_advisory_lock_shared({KEY})",) * 2,
        (f"BEGIN; SELECT pg_advisory_xact_lock({KEY})",),
        (f"SELECT pg_advisory_lock({WORK_KEY})",),
        (f"SELECT pg_advisory_lock({KEY})", f"SELECT pg_advisory_lock_shared({WORK_KEY})"),
    ],
)
def test_service_that_takes_the_lock_is_passed_over(takes: tuple[str, ...], estate: Estate) -> None:
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    estate.migrate("manor")
    connections[ALIAS].close()

    with held_by_services(estate, *takes):
        output = estate.migrate("meadow").splitlines()

    assert "  Applying meadow.0001_meadow... OK" in output
    assert output[0].startswith("Passing over the lock of ")
    assert "no migrator's." in output[0]


def test_migrators_exclude_each_other_while_a_service_has_the_lock(slow: Estate) -> None:
    slow.migrate("manor")
    connections[ALIAS].close()
    with held_by_services(slow, f"SELECT pg_advisory_lock({KEY})"), closed_gate(slow):
        first = Child(slow.migrate, "meadow")
        wait_for(lambda: is_waiting_at_gate(slow))
        second = Child(slow.migrate, "meadow")
        wait_for(lambda: count_migrators(slow) == 2)

    outputs = [first.wait().splitlines(), second.wait().splitlines()]
    assert "  Applying meadow.0001_meadow... OK" in outputs[0]
    assert any(line.startswith("Waiting for another migrate to end: freehold migrate, process ") for line in outputs[1])
    assert "  No migrations to apply." in outputs[1]


def test_migrator_of_an_older_release_waits_and_readers_do_not(slow: Estate) -> None:
    """It knows the advisory lock alone."""
    slow.migrate("manor")
    connections[ALIAS].close()
    with closed_gate(slow):
        first = Child(slow.migrate, "meadow")
        wait_for(lambda: is_waiting_at_gate(slow))
        assert slow.query(TRY) == [(False,)]
        slow.query("SELECT count(*) FROM public.django_migrations, public.migration_history")
    first.wait()


def test_migrator_waits_for_one_of_an_older_release(slow: Estate) -> None:
    slow.migrate("manor")
    connections[ALIAS].close()
    with psycopg.connect(**slow.server) as older:
        older.execute(f"SELECT pg_advisory_xact_lock({KEY})")
        second = Child(slow.migrate, "meadow")
        wait_for(lambda: count_migrators(slow) == 1)
        assert "app.meadow" not in slow.tables

    assert second.wait().splitlines()[0].startswith("Waiting for another migrate to end: ")


def test_killed_migrator_leaves_nothing_and_frees_the_lock(slow: Estate) -> None:
    with closed_gate(slow):
        child = Child(slow.migrate, "meadow")
        wait_for(lambda: is_waiting_at_gate(slow))
        child.kill()
        wait_for(lambda: count_migrators(slow) == 0)
        assert "app.meadow" not in slow.tables

    wait_for(lambda: not is_waiting_at_gate(slow))
    assert "  Applying meadow.0001_meadow... OK" in slow.migrate("meadow").splitlines()


def test_index_is_made_concurrently_while_another_migrator_waits(estate: Estate) -> None:
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    estate.migrate("meadow")
    estate.query("SET ROLE app_owner; CREATE TABLE app.gate ()")
    index = 'AddIndexConcurrently("meadow", models.Index(fields=["name"], name="meadow_name_idx"))'
    estate.write("meadow", "0002_index", f'migrations.RunSQL("SELECT FROM app.gate"), {index}', atomic=False)
    connections[ALIAS].close()

    with closed_gate(estate):
        first = Child(estate.migrate, "meadow")
        wait_for(lambda: is_waiting_at_gate(estate))
        second = Child(estate.migrate, "meadow")
        wait_for(lambda: count_migrators(estate) == 2)

    assert "  Applying meadow.0002_index... OK" in first.wait().splitlines()
    assert "  No migrations to apply." in second.wait().splitlines()
    valid = estate.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'app.meadow_name_idx'::regclass")
    assert valid == [(True,)]


def test_plan_does_not_wait_for_another_migrator(slow: Estate) -> None:
    with closed_gate(slow):
        first = Child(slow.migrate, "meadow")
        wait_for(lambda: is_waiting_at_gate(slow))
        output = slow.migrate("meadow", plan=True)
    first.wait()

    assert "meadow.0001_meadow" in output.splitlines()


@pytest.fixture
def pooled(slow: Estate, tmp_path: Path) -> Iterator[Estate]:
    """The slow estate behind pgbouncer in session mode."""
    with behind_pooler(slow, tmp_path / "pooler", 10, mode="session"):
        yield slow


def test_lock_holds_behind_a_pooler_in_session_mode(pooled: Estate) -> None:
    with closed_gate(pooled):
        first = Child(pooled.migrate, "meadow")
        wait_for(lambda: is_waiting_at_gate(pooled))
        second = Child(pooled.migrate, "meadow")
        wait_for(lambda: count_migrators(pooled) == 2)

    outputs = [first.wait().splitlines(), second.wait().splitlines()]
    assert "  Applying meadow.0001_meadow... OK" in outputs[0]
    assert outputs[1][0].startswith("Waiting for another migrate to end: freehold migrate, process ")
    assert "  No migrations to apply." in outputs[1]
    assert [row[1:4] for row in pooled.history] == [("up", "app_owner", "ok")]
    assert pooled.tables["app.meadow"] == "app_owner"
