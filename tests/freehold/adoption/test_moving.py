"""docs/moving-a-table.md, run from the project to the end while old and new release are at work as their own logins."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.config.processes import SERVE, find_port
from tests.freehold.adoption.conftest import ROOT, Project

PAGE = ROOT / "docs" / "moving-a-table.md"
BLOCK = re.compile(r"```(\w+) ([^\n]+)\n(.*?)```", re.DOTALL)
BEFORE = 3  # blocks of the project as it is; what the old release does is the next
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
            found = session.execute(statement, {"external_id": note})
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


@dataclass
class Api(Release):
    """Requests to an API that runs, over and over again. `statuses` are what it answered to each first request of a
    round, in their order; one of 503 says when to come again, and ends the round."""

    port: int = 0
    statuses: list[int] = field(default_factory=list)

    def work(self, number: int) -> None:
        """Send all requests for one run after the other."""
        while not self.stopped.is_set() and not self.failures:
            try:
                self.send_all(f"{number}-{self.rounds[number]}")
            except (OSError, AssertionError) as error:
                self.failures.append(f"round {self.rounds[number]} of {number}: {error}")
            self.rounds[number] += 1

    def send_all(self, external_id: str) -> None:
        """Send each request about a run."""
        for statement in self.statements:
            method, path, body = [*statement.replace("{external_id}", external_id).split(" ", 2), ""][:3]
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
            if method == "POST":
                self.statuses.append(answer.status)
            if method == "POST" and answer.status == 503:
                assert answer.headers["Retry-After"]
                return
            assert (method, answer.status) in (("POST", 201), ("GET", 200)), (answer.status, content)
            assert external_id in content.decode()

    @property
    def made(self) -> int:
        """How many runs it made."""
        return self.statuses.count(201)


@contextmanager
def serving_api(project: Project) -> Iterator[Api]:
    """Run the page's API as the login of its service, and give who asks it."""
    known, port = connect_as(project, "api"), find_port()
    own = {"SERVICE": "api", "PGUSER": known["user"], "PGPASSWORD": known["password"]}
    command = [sys.executable, "-m", *SERVE, "--host", "127.0.0.1", "--port", str(port), "wsgi:application"]
    process = subprocess.Popen(command, cwd=project.directory, env={**project.environment, **own})
    ((text,),) = [(text,) for language, name, text in read_blocks() if (language, name) == ("http", "new release")]
    try:
        wait_for(port)
        yield Api({}, text.strip().splitlines(), port=port)
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(port: int) -> None:
    """Return when somebody listens there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the API did not start")


@pytest.fixture
def project(open_placed: Callable[[str], Project]) -> Project:
    """The page's project before the move, migrated."""
    found = open_placed("moving")
    for language, name, text in read_blocks()[:BEFORE]:
        assert (language, (found.directory / name).read_text()) == ("python", text)
    found.run("python manage.py migrate")
    return found


def make_old_release(project: Project) -> Release:
    """Give the old release with its statements of the page, connected as its service's own login."""
    (text,) = [text for language, name, text in read_blocks() if (language, name) == ("sql", "old release")]
    return Release(connect_as(project, "web"), text.strip().splitlines())


def connect_as(project: Project, service: str) -> dict[str, Any]:
    """Give libpq's parameters for a service's login."""
    user = f"{service}_rw_{project.environment['TAG']}"
    lines = (project.directory / "pgpass").read_text().splitlines()
    (password,) = [line.split(":")[4] for line in lines if line.split(":")[3] == user]
    return {**(project.server or {}), "user": user, "password": password}


def run(project: Project, text: str) -> str:
    """Run the commands of a block; give what they print."""
    return "".join(project.run(f"python {line}") for line in text.strip().splitlines())


COUNTS = "SELECT count(*), coalesce(sum(version), 0) FROM app.runs WHERE kind = "


@pytest.mark.postgresql
def test_page_moves_the_table_and_no_release_fails(project: Project) -> None:
    old, printed = make_old_release(project), ""
    old.start(4)
    old.outlast(20)
    with ExitStack() as at_the_end:
        at_the_end.callback(old.stop)
        api = Api({}, [])
        for language, name, text in read_blocks()[BEFORE + 1 :]:
            if language == "python":
                (project.directory / name).write_text(text)
            elif language == "http":
                old.outlast(20)
                api.outlast(20)
            elif (language, name) == ("sh", "stop"):
                old.outlast(20)
                old.stop()
                printed += run(project, text)
            else:
                printed += run(project, text)
            if name == "runs/api.py":  # in place and asked, before the table comes
                api = at_the_end.enter_context(serving_api(project))
                at_the_end.callback(api.stop)
                api.start(2)
                api.outlast(2)
                assert set(api.statuses) == {503}

    # Each round of the old release leaves one row, changed twice; each of the API's one that nobody changed.
    assert old.failures + api.failures == []
    assert project.fetch(f"{COUNTS}'old'") == [(sum(old.rounds), 2 * sum(old.rounds))]
    assert project.fetch(f"{COUNTS}'new'") == [(api.made, 0)]
    assert project.fetch(f"{COUNTS}'import'") == [(0, 0)]
    assert project.fetch("SELECT count(*) FROM ui.saved_searches") == [sum(old.rounds)]
    assert api.statuses == [503] * (len(api.statuses) - api.made) + [201] * api.made
    assert api.made >= 20
    assert printed.count("No changes detected") == 1
    assert project.fetch("SELECT relname FROM pg_class WHERE relname = 'runs' AND relkind = 'v'") == []
    with psycopg.connect(**connect_as(project, "api")) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("SELECT name FROM ui.saved_searches")


@pytest.mark.sqlite
def test_page_moves_the_table_on_sqlite(project: Project) -> None:
    make = "from pages.models import Run; Run.objects.create(external_id='a')"
    project.run(f'python manage.py shell -c "{make}"')

    for language, name, text in read_blocks()[BEFORE + 1 :]:
        if language == "python":
            (project.directory / name).write_text(text)
        elif language == "sh":
            run(project, "\n".join(line for line in text.splitlines() if "ownership" not in line))

    found = project.run('python manage.py shell -c "from runs.models import Run; print(list(Run.objects.values()))"')
    assert "[{'id': 1, 'kind': 'import', 'external_id': 'a', 'status': 'queued', 'version': 0}]" in found


@pytest.mark.postgresql
def test_project_goes_back_with_what_the_new_release_wrote(project: Project) -> None:
    old = make_old_release(project)
    for language, name, text in read_blocks()[BEFORE + 1 :]:
        if language == "python":
            (project.directory / name).write_text(text)
        elif language == "http":
            break
        else:
            run(project, text)
    old.start(4)
    with serving_api(project) as api:
        api.start(1)
        api.outlast(5)
        api.stop()
    old.outlast(20)

    project.run("python manage.py migrate runs zero")

    old.outlast(20)
    old.stop()
    assert old.failures + api.failures == []
    assert project.fetch("SELECT kind, count(*) FROM public.runs GROUP BY 1 ORDER BY 1") == [
        ("new", api.made),
        ("old", sum(old.rounds)),
    ]
    assert project.fetch("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'runs'") == [
        f"migrator_{project.environment['TAG']}"
    ]
