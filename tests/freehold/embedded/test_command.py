"""`manage.py embedded`, as it is typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from freehold import embedded
from freehold.errors import EmbeddedError
from freehold.passfile import set_password
from tests.freehold.embedded.test_starts import HOSTILE

pytestmark = pytest.mark.postgresql

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def command(path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> object:
    """Give a function that runs `manage.py embedded …` on `path` in this process and gives what it prints."""
    monkeypatch.setitem(connections.databases["default"]["OPTIONS"], "embedded", path)

    def run(*arguments: str) -> str:
        call_command("embedded", *arguments)
        return capsys.readouterr().out

    return run


def manage(path: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run `manage.py embedded …` on `path` in a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", "embedded", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"embedded://{path}"},
        input=text,
        capture_output=True,
        text=True,
    )


def test_start_says_where_and_stop_says_so(command, path: str) -> None:  # type: ignore[no-untyped-def]
    started = command("start")
    again = command("start")
    port = Path(path, "port").read_text().strip()
    version = embedded.status(path).version
    stopped = command("stop")

    assert started == again == f"PostgreSQL {version} at 127.0.0.1:{port}, data in {path}/data\n"
    assert stopped == "PostgreSQL stopped\n"
    assert command("stop") == f"PostgreSQL not running, data in {path}/data\n"


def test_status_running_prints_what_there_is_to_know(command, path: str) -> None:  # type: ignore[no-untyped-def]
    state = embedded.start(path)

    assert command("status").splitlines() == [
        f"path         {path}",
        f"data         {path}/data",
        "running      yes",
        "initialised  yes",
        f"log          {path}/server.log",
        f"passfile     {path}/pgpass",
        f"version      {state.version}",
        "host         127.0.0.1",
        f"port         {state.port}",
        f"pid          {state.pid}",
        f"account      {state.account}",
        f"programs     {state.programs}",
    ]


def test_status_not_running_is_exit_status_3_and_starts_nothing(command, path: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SystemExit) as ended:
        command("status", "--format", "json")

    assert ended.value.code == 3
    assert embedded.status(path).running is False


def test_status_as_json_is_whole(path: str) -> None:
    state = embedded.start(path)

    run = manage(path, "status", "--format", "json")

    assert json.loads(run.stdout) == vars(state)
    assert (run.returncode, run.stderr) == (0, "")


def test_url_connects_as_superuser(command, path: str) -> None:  # type: ignore[no-untyped-def]
    url = command("url").strip()

    with psycopg.connect(url) as connection:
        row = connection.execute("select current_user, current_database()").fetchone()
    assert row == ("postgres", "freehold")


def test_url_of_unknown_login_is_refused(command, path: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(EmbeddedError) as caught:
        command("url", "--user", "stranger")

    assert str(caught.value) == f"{path}/pgpass has no password of the login 'stranger': it knows postgres"


def test_psql_starts_server_and_gets_its_own_arguments(path: str) -> None:
    words = ["-c", "select current_user, 'it''s -- 1'", "-A", "-t", "--set=x=y z", "-c", "\\echo :x"]

    run = manage(path, "psql", "--", *words)

    assert run.stdout == "postgres|it's -- 1\ny z\n"
    assert run.returncode == 0
    assert embedded.status(path).running


def test_psql_without_dashes_takes_a_database_and_what_follows(path: str) -> None:
    run = manage(path, "psql", "template1", "-Atc", "select current_database()")

    assert run.stdout == "template1\n"


def test_psql_takes_input_and_gives_its_exit_status(path: str) -> None:
    embedded.start(path)

    run = manage(path, "psql", "--", "-X", "-v", "ON_ERROR_STOP=1", text="select 6 * 7;\nselect 1/0;\n")

    assert "42" in run.stdout
    assert run.stderr == f"Database: PostgreSQL, embedded at {path}\nERROR:  division by zero\n"
    assert run.returncode == 3  # psql: a script ended by an error


def test_psql_arguments_may_name_another_login(path: str) -> None:
    with psycopg.connect(embedded.get_url(path), autocommit=True) as connection:
        connection.execute("create role guest login password 'guest'")
    set_password(Path(path, "pgpass"), user="guest", password="guest")

    run = manage(path, "psql", "--", "-U", "guest", "-Atc", "select current_user")

    assert (run.stdout, run.stderr) == ("guest\n", f"Database: PostgreSQL, embedded at {path}\n")


def test_psql_environment_of_the_caller_leads_nowhere_else(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**HOSTILE, "PGAPPNAME": "mine"}.items():
        monkeypatch.setenv(name, value)

    run = manage(path, "psql", "--", "-Atc", "select current_user, current_setting('application_name')")

    assert run.stdout == "postgres|mine\n"


def test_other_database_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(connections.databases["default"]["OPTIONS"], "embedded")

    with pytest.raises(EmbeddedError) as caught:
        call_command("embedded", "start")
    assert str(caught.value) == (
        "DATABASE_URL names no embedded PostgreSQL: set it to embedded:./var/postgres or embedded:///absolute/path"
    )
