"""Two processes that migrate one file at once apply each migration once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from freehold.migrator.executor import OwnedExecutor
from freehold.migrator.filelock import FileLock
from tests.freehold.embedded.processes import Child, wait_for
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.migrator.test_sqlite import ROW, SIZE, meadow

pytestmark = pytest.mark.sqlite
__all__ = ["meadow"]  # a fixture

CODE = """
    migrations.RunPython(lambda apps, editor: (
        apps.get_model("meadow", "Meadow").objects.using("estate").create(name="one"),
        open({gate!r}).readline(),
    ), migrations.RunPython.noop, atomic={atomic}),
"""


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A pipe that a migration waits at, behind the row that it makes."""
    os.mkfifo(tmp_path / "gate")
    return tmp_path / "gate"


@contextmanager
def at_gate(gate: Path, act: Callable[..., object], *arguments: object) -> Iterator[Child]:
    """Give a process that does `act` and waits at the gate until the block ends. The next one need not wait there."""
    connections[ALIAS].close()
    child = Child(act, *arguments)
    pipe = os.open(gate, os.O_WRONLY)  # once somebody reads it
    gate.unlink()
    gate.touch()
    try:
        yield child
    finally:
        # A word, for processes that were begun meanwhile have the pipe too, so that closing it tells nothing.
        with suppress(BrokenPipeError):  # of one that was killed
            os.write(pipe, b"\n")
        os.close(pipe)


def list_rows(estate: Estate) -> list[tuple[Any, ...]]:
    return estate.query('SELECT name FROM "app.meadow"')


@pytest.mark.parametrize("atomic", [True, False])
def test_second_migrator_waits_and_then_finds_nothing_to_do(
    atomic: bool, meadow: Estate, gate: Path, tmp_path: Path
) -> None:
    meadow.write("meadow", "0002_row", SIZE + CODE.format(gate=str(gate), atomic=atomic), atomic=atomic)

    with at_gate(gate, meadow.migrate, "meadow") as first:
        log = tmp_path / "second.log"
        second = Child(meadow.migrate_aloud, log)
        wait_for(lambda: log.exists() and "Waiting for another migrate to end: it holds " in log.read_text())

    assert "  Applying meadow.0002_row... OK" in first.wait().splitlines()
    assert "  No migrations to apply." in second.wait().splitlines()
    assert list_rows(meadow) == [("one",)]
    assert [row[1] for row in meadow.history if row[1] != "part"] == ["ok", "ok"]


def test_second_migrator_applies_what_a_killed_one_left(meadow: Estate, gate: Path, tmp_path: Path) -> None:
    meadow.write("meadow", "0002_row", SIZE + CODE.format(gate=str(gate), atomic=True))

    with at_gate(gate, meadow.migrate, "meadow") as first:
        log = tmp_path / "second.log"
        second = Child(meadow.migrate_aloud, log)
        wait_for(lambda: log.exists() and "Waiting for another migrate to end: it holds " in log.read_text())
        first.kill()

    assert "  Applying meadow.0002_row... OK" in second.wait().splitlines()
    assert list_rows(meadow) == [("one",)]


def test_rollbacks_at_once_take_each_migration_back_once(meadow: Estate, gate: Path) -> None:
    code = f"""
    migrations.RunPython(migrations.RunPython.noop, lambda apps, editor: (
        apps.get_model("meadow", "Meadow").objects.using("estate").create(name="back"), open({str(gate)!r}).readline(),
    )),
    """
    meadow.write("meadow", "0002_back", code)
    meadow.migrate("meadow")

    def roll_back() -> None:
        call_command("rollback", "--to", "meadow", "0001_meadow", "--yes", database=ALIAS, verbosity=0)

    with at_gate(gate, roll_back) as first:
        second = Child(roll_back)
    first.wait()
    second.wait()

    assert list_rows(meadow) == [("back",)]
    assert [row[:2] for row in meadow.history] == [("up", "ok"), ("up", "ok"), ("down", "ok")]


def test_migration_is_looked_for_under_the_write_lock(
    meadow: Estate, gate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where there is no lock on files: both have a plan, and the transactions alone keep them apart."""
    monkeypatch.setattr(FileLock, "acquire", lambda self: False)
    meadow.write("meadow", "0002_row", SIZE + CODE.format(gate=str(gate), atomic=True))
    planned = tmp_path / "planned"
    own = OwnedExecutor.own_content_types

    def tell(self: OwnedExecutor, plan: Any) -> None:
        own(self, plan)
        planned.touch()

    with at_gate(gate, meadow.migrate, "meadow") as first:
        monkeypatch.setattr(OwnedExecutor, "own_content_types", tell)
        second = Child(meadow.migrate, "meadow")
        wait_for(planned.exists)

    assert "  Applying meadow.0002_row... OK" in first.wait().splitlines()
    assert "  Applying meadow.0002_row... by another migrate meanwhile: OK" in second.wait().splitlines()
    assert list_rows(meadow) == [("one",)]
    assert [row[1] for row in meadow.history] == ["ok", "ok"]


@pytest.mark.parametrize("atomic", [True, False])
def test_migration_that_is_recorded_by_now_is_passed_over(
    atomic: bool, meadow: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    meadow.write("meadow", "0002_row", ROW, atomic=atomic)
    own = OwnedExecutor.own_content_types

    def record(self: OwnedExecutor, plan: Any) -> None:
        own(self, plan)
        self.recorder.record_applied("meadow", "0002_row")

    monkeypatch.setattr(OwnedExecutor, "own_content_types", record)

    output = meadow.migrate("meadow")

    assert "  Applying meadow.0002_row... by another migrate meanwhile: OK" in output
    assert list_rows(meadow) == []
    assert meadow.applied == ["meadow.0001_meadow", "meadow.0002_row"]
