"""compose.pool.yaml, without an engine: the services behind pgbouncer, with pools, and while it is away."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tests.config.containers import SERVICES, Machine, opening_machine
from tests.config.processes import ROOT, Visitor
from tests.freehold.backends.postgresql.poolers import PROGRAM

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.xdist_group("containers"),
    pytest.mark.skipif(not PROGRAM, reason="pgbouncer is not installed: apt-get install pgbouncer"),
]
FILES = ["-f", "compose.yaml", "-f", "compose.pool.yaml"]
PAGES = {"web": "/login/", "api": "/items/", "admin": "/admin/login/?next=/admin/"}


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """The services, up, behind the pooler. Not below pytest's directory, which each run closes to other accounts."""
    with (
        TemporaryDirectory(prefix="freehold-pooled-") as place,
        opening_machine(Path(place), "compose.pool.yaml") as machine,
    ):
        for step in ("bootstrap", "migrate"):
            machine.run_step(step)
        machine.start_pooler()
        for name in SERVICES:
            machine.start(name)
        for name in SERVICES:
            machine.wait(name)
        yield machine


def ask(machine: Machine, name: str) -> int:
    return Visitor().open(f"http://localhost:{machine.ports[name]}{PAGES[name]}").status


@contextmanager
def load(machine: Machine) -> Iterator[Counter[tuple[str, int]]]:
    """Ask each service for a page, again and again, during the block; count the answers."""
    answers: Counter[tuple[str, int]] = Counter()
    is_over = threading.Event()

    def visit(name: str) -> None:
        while not is_over.is_set():
            answers[name, ask(machine, name)] += 1

    visitors = [threading.Thread(target=visit, args=[name]) for name in SERVICES]
    for each in visitors:
        each.start()
    try:
        yield answers
    finally:
        is_over.set()
        for each in visitors:
            each.join()


def get_pooled(machine: Machine) -> str:
    """Give a service's URL without its pool."""
    return machine.get_environment("web")["DATABASE_URL"].partition("?")[0]


def as_root(machine: Machine) -> psycopg.Connection:
    password = (machine.directory / "secrets" / "postgres").read_text().strip()
    return psycopg.connect(machine.get_environment("bootstrap")["ADMIN_URL"], password=password, autocommit=True)


def list_seen(machine: Machine) -> set[tuple[str, ...]]:
    """Give the logins of the server's sessions, as it has them."""
    statement = "SELECT DISTINCT usename::text FROM pg_stat_activity WHERE datname = 'freehold' AND usename LIKE '%_rw'"
    with as_root(machine) as connection:
        return set(connection.execute(statement).fetchall())


def test_services_answer_behind_the_pooler_each_as_its_own_login(machine: Machine) -> None:
    assert {name: ask(machine, name) for name in SERVICES} == dict.fromkeys(SERVICES, 200)
    assert list_seen(machine) == {(f"{name}_rw",) for name in SERVICES}


def test_services_know_no_other_address(machine: Machine) -> None:
    for name in SERVICES:
        assert f"//localhost:{machine.ports['pooler']}/" in machine.get_environment(name)["DATABASE_URL"]
    assert f"127.0.0.1:{machine.ports['db']}/" in machine.get_environment("migrate")["DATABASE_URL"]


def end_sessions(machine: Machine) -> None:
    """End the services' sessions at the server, so that the pooler has to log in anew."""
    with as_root(machine) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%_rw'")


def test_rotation_behind_the_pooler_loses_no_request(machine: Machine) -> None:
    """`api` has no pool of its own here: it logs in to the pooler at each request."""
    machine.kill("api")
    machine.start("api", DATABASE_URL=get_pooled(machine))
    machine.wait("api")
    with load(machine) as answers:
        machine.run_step("bootstrap", "rotate")
        time.sleep(1)
    end_sessions(machine)
    for name in SERVICES:
        machine.wait(name)

    assert {key[1] for key in answers} == {200}, answers
    assert {key[0] for key in answers} == set(SERVICES)
    assert {name: ask(machine, name) for name in SERVICES} == dict.fromkeys(SERVICES, 200)


def test_pooler_that_is_killed_is_503s_with_a_reason_and_back_all_answer(machine: Machine) -> None:
    machine.kill("pooler")
    away = {name: ask(machine, name) for name in ("api", "admin")}
    unready = [machine.is_healthy(name) for name in SERVICES]
    machine.start_pooler()
    for name in SERVICES:
        machine.wait(name)

    assert set(away.values()) <= {200, 503}
    assert unready == [False] * 3
    assert {name: ask(machine, name) for name in SERVICES} == dict.fromkeys(SERVICES, 200)
    assert "Not ready: OperationalError" in (machine.directory / "api.log").read_text()


@pytest.mark.parametrize(
    ("name", "command", "query", "status", "said"),
    [
        ("migrate", ["migrate"], "", 1, "can't connect as migrator"),
        ("web", ["clearsessions"], "?options=-c%20work_mem%3D1MB", 1, "unsupported startup parameter: options"),
        ("web", ["check", "--database", "default"], "?pool=max_size:80", 0, "(freehold.W034) The pool"),
        ("web", ["check"], "?pool=max_sise:8", 1, "the unknown setting 'max_sise' of its pool: did you mean max_size?"),
    ],
)
def test_what_pooler_and_pool_must_not_be_given_is_a_line(
    machine: Machine, name: str, command: list[str], query: str, status: int, said: str
) -> None:
    environment = {**machine.get_environment(name), "DATABASE_URL": get_pooled(machine) + query}
    ran = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert (ran.returncode, "Traceback" in ran.stderr) == (status, False), ran.stderr
    assert len([line for line in ran.stderr.splitlines() if said in line]) == 1, ran.stderr


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_files_together_are_composes() -> None:
    ran = subprocess.run(["docker-compose", *FILES, "config", "-q"], cwd=ROOT, capture_output=True, text=True)

    assert (ran.returncode, ran.stderr) == (0, "")
