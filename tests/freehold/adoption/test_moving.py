"""docs/moving-a-table.md, run from the project to the end while old and new release are at work as their own logins."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.freehold.adoption.conftest import ROOT, Project

PAGE = ROOT / "docs" / "moving-a-table.md"
BLOCK = re.compile(r"```(\w+) ([^\n]+)\n(.*?)```", re.DOTALL)
UNTIL = datetime.now(UTC).date() + timedelta(days=60)


def read_blocks() -> list[tuple[str, str, str]]:
    """Give the blocks that the test runs: language, name, text; the page's day is one that is still to come."""
    text = PAGE.read_text().replace("2027-01-31", str(UNTIL))
    text = text.replace("date(2027, 1, 31)", f"date({UNTIL.year}, {UNTIL.month}, {UNTIL.day})")
    return BLOCK.findall(text)


@dataclass
class Release:
    """Statements that go on, in order and over again, on connections of their own until they are stopped."""

    parameters: dict[str, Any]
    statements: list[str]
    threads: list[threading.Thread] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    rounds: list[int] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def start(self, workers: int) -> None:
        """Begin."""
        self.rounds = [0] * workers
        for number in range(workers):
            self.threads.append(threading.Thread(target=self.work, args=(number,)))
            self.threads[-1].start()

    def work(self, number: int) -> None:
        """Run all statements for one note after the other, each in a transaction of all or of its own in turn."""
        try:
            with psycopg.connect(**self.parameters, autocommit=True) as session:
                while not self.stopped.is_set():
                    self.run_once(session, f"{number}-{self.rounds[number]}", together=self.rounds[number] % 2 == 0)
                    self.rounds[number] += 1
        except psycopg.Error as error:
            self.failures.append(f"round {self.rounds[number]} of {number}: {error}")

    def run_once(self, session: psycopg.Connection, note: str, *, together: bool) -> None:
        """Run each statement for a note."""
        if together:
            with session.transaction():
                self.run_once(session, note, together=False)
            return
        for statement in self.statements:
            found = session.execute(statement, {"note": note})
            assert found.rowcount == 1, f"{statement} concerned {found.rowcount} rows"

    def outlast(self, rounds: int) -> None:
        """Wait until so many more rounds were done by each."""
        goal = min(self.rounds) + rounds
        deadline = time.monotonic() + 60
        while min(self.rounds) < goal and not self.failures:
            assert time.monotonic() < deadline, f"stuck at {self.rounds}"
            time.sleep(0.01)

    def stop(self) -> None:
        """End."""
        self.stopped.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def project(open_placed: Callable[[str], Project]) -> Project:
    """The page's project before the move, migrated."""
    found = open_placed("moving")
    for language, name, text in read_blocks()[:2]:
        assert (language, (found.directory / name).read_text()) == ("python", text)
    found.run("python manage.py migrate")
    return found


def make_release(project: Project, kind: str) -> Release:
    """Give a release with its statements of the page, connected as its service's own login."""
    (text,) = [text for language, name, text in read_blocks() if (language, name) == ("sql", f"{kind} release")]
    service = {"old": "web", "new": "api"}[kind]
    user = f"{service}_rw_{project.environment['TAG']}"
    lines = (project.directory / "pgpass").read_text().splitlines()
    (password,) = [line.split(":")[4] for line in lines if line.split(":")[3] == user]
    return Release({**(project.server or {}), "user": user, "password": password}, text.strip().splitlines())


def run(project: Project, text: str) -> str:
    """Run the commands of a block; give what they print."""
    return "".join(project.run(f"python {line}") for line in text.strip().splitlines())


COUNTS = "SELECT count(*), coalesce(sum(seen), 0) FROM app.runs WHERE kind = "


@pytest.mark.postgresql
def test_page_moves_the_table_and_no_release_fails(project: Project) -> None:
    old, new = make_release(project, "old"), make_release(project, "new")
    releases = [old]
    old.start(4)
    old.outlast(20)
    printed = ""
    try:
        for language, name, text in read_blocks()[3:]:
            if language == "python":
                (project.directory / name).write_text(text)
            elif (language, name) == ("sql", "new release"):
                old.outlast(20)
                releases.append(new)
                new.start(2)
                new.outlast(20)
            elif (language, name) == ("sh", "stop"):
                old.outlast(20)
                old.stop()
                printed += run(project, text)
            else:
                printed += run(project, text)
    finally:
        for release in releases:
            release.stop()

    # Each round of the old release leaves one row, seen twice; each of the new one's a row, seen once.
    assert old.failures + new.failures == []
    assert project.fetch(f"{COUNTS}'old'") == [(sum(old.rounds), 2 * sum(old.rounds))]
    assert project.fetch(f"{COUNTS}'new'") == [(sum(new.rounds), sum(new.rounds))]
    assert project.fetch(f"{COUNTS}'import'") == [(0, 0)]
    assert printed.count("No changes detected") == 1
    assert project.fetch("SELECT relname FROM pg_class WHERE relname = 'runs' AND relkind = 'v'") == []


@pytest.mark.sqlite
def test_page_moves_the_table_on_sqlite(project: Project) -> None:
    make = "from pages.models import Run; Run.objects.create(note='a')"
    project.run(f'python manage.py shell -c "{make}"')

    for language, name, text in read_blocks()[3:]:
        if language == "python":
            (project.directory / name).write_text(text)
        elif language == "sh":
            run(project, "\n".join(line for line in text.splitlines() if "ownership" not in line))

    found = project.run('python manage.py shell -c "from runs.models import Run; print(list(Run.objects.values()))"')
    assert "[{'id': 1, 'kind': 'import', 'note': 'a', 'seen': 0}]" in found


@pytest.mark.postgresql
def test_project_goes_back_with_what_the_new_release_wrote(project: Project) -> None:
    old, new = make_release(project, "old"), make_release(project, "new")
    for language, name, text in read_blocks()[3:]:
        if language == "python":
            (project.directory / name).write_text(text)
        elif (language, name) == ("sql", "new release"):
            break
        else:
            run(project, text)
    old.start(4)
    new.start(1)
    new.outlast(5)
    new.stop()
    old.outlast(20)

    project.run("python manage.py migrate runs zero")

    old.outlast(20)
    old.stop()
    assert old.failures + new.failures == []
    assert project.fetch("SELECT kind, count(*) FROM public.runs GROUP BY 1 ORDER BY 1") == [
        ("new", sum(new.rounds)),
        ("old", sum(old.rounds)),
    ]
    assert project.fetch("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'runs'") == [
        f"migrator_{project.environment['TAG']}"
    ]
