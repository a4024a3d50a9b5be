"""kill -9 in the middle of a run on SQLite: each migration is there with its records, or not at all."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoDbBlocker

from freehold.models import MigrationHistory
from tests.dumps import dump_schema
from tests.freehold.embedded.processes import Child, wait_for
from tests.freehold.migrator.interruptions import Countdown, Pause, choose, kill_self

pytestmark = pytest.mark.sqlite
ALIAS = "interrupted"
SOME = 8


@pytest.fixture
def place(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[Path]:
    """A directory for databases under an alias of their own."""
    connections.settings[ALIAS] = deepcopy(connections.settings["default"])
    with django_db_blocker.unblock():
        yield tmp_path
        connections[ALIAS].close()
    del connections[ALIAS]
    del connections.settings[ALIAS]


def use(path: Path) -> None:
    """Let the alias stand for a file, which need not be there."""
    connections[ALIAS].close()
    connections[ALIAS].settings_dict["NAME"] = str(path)


def migrate() -> None:
    call_command("migrate", database=ALIAS, verbosity=0)


def migrate_aloud(log: Path) -> None:
    """Migrate, with what is said in a file meanwhile."""
    with log.open("w", buffering=1) as stdout:
        call_command("migrate", database=ALIAS, stdout=stdout)


def run_interrupted(at: int) -> int:
    """Migrate in a process that ends before statement number `at`; give how many there were, 0 where it was killed."""

    def work() -> int:
        countdown = Countdown(at, kill_self)
        count_statements(countdown)
        migrate()
        return countdown.count

    connections[ALIAS].close()
    child = Child(work)
    try:
        return int(child.wait())
    except AssertionError as error:
        if "the process was killed" in str(error):
            return 0
        raise


def count_statements(countdown: Countdown) -> None:
    """Let every statement of this process be counted, commits among them."""
    for owner, name in ((SQLiteCursorWrapper, "execute"), (BaseDatabaseWrapper, "_commit")):
        count_calls(owner, name, countdown)


def count_calls(owner: Any, name: str, countdown: Countdown) -> None:
    """Count each call of a method."""
    method = getattr(owner, name)

    def counted(self: Any, *arguments: Any, **options: Any) -> Any:
        countdown()
        return method(self, *arguments, **options)

    setattr(owner, name, counted)


def test_migrator_killed_before_any_statement_is_finished_by_the_next(
    place: Path, request: pytest.FixtureRequest
) -> None:
    use(place / "whole.db")
    total = run_interrupted(at=0)
    whole = dump_schema(ALIAS)

    for at in (chosen := choose(total, SOME)):
        use(place / f"{at}.db")
        sent = run_interrupted(at)  # 0 where it was killed; by the order of sets a process may send some fewer
        assert sent == 0 or total - 9 <= sent < at, at
        migrate()

        check_whole(whole, f"killed before statement {at} of {total}")
        os.unlink(place / f"{at}.db")
    request.node.user_properties.append(("faults: killed processes on SQLite, with nobody waiting", len(chosen)))


def check_whole(whole: str, when: str) -> None:
    """See that the schema is `whole`, and that each migration ended once."""
    assert dump_schema(ALIAS) == whole, when
    applied = MigrationRecorder(connections[ALIAS]).migration_qs.values_list("app", "name")
    ended = MigrationHistory.objects.using(ALIAS).filter(outcome="ok").values_list("app", "name")
    assert Counter(applied) == Counter(ended) == Counter(set(applied)), when


@pytest.mark.parametrize("is_killed", [True, False])
def test_migrator_that_waits_finishes_what_another_began(
    is_killed: bool, place: Path, request: pytest.FixtureRequest
) -> None:
    use(place / "whole.db")
    total = run_interrupted(at=0)
    whole = dump_schema(ALIAS)

    for at in (chosen := choose(total - 9, SOME // 2)):
        use(place / f"{at}.db")
        connections[ALIAS].close()
        log = place / f"{at}.log"
        first = Pause(migrate, at, count_statements)
        assert first.is_reached(), at
        second = Child(migrate_aloud, log)
        wait_for(lambda log=log, second=second: "Waiting" in read(log) or second.has_ended(), 60.0)
        if is_killed:
            os.kill(first.child.pid, signal.SIGKILL)
        first.go_on()
        ended = first.wait()
        second.wait()

        check_whole(whole, f"before statement {at} of {total}; the first ended with {ended or 'success'}")
        os.unlink(place / f"{at}.db")
    kind = "killed processes on SQLite" if is_killed else "processes at once on SQLite"
    request.node.user_properties.append((f"faults: {kind}", len(chosen)))


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
