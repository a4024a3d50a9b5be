"""A wrong DATABASE_URL, met by `manage.py` with the project's own settings: one line, exit status 1, no password."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from freehold import embedded

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "hush-hush"
LOGIN = (
    "put the right user and password into DATABASE_URL; where it names no user, `manage.py ownership bootstrap` makes "
    "the logins and their password file"
)


def migrate(url: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py migrate` on the database of this URL."""
    return subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=ROOT,
        env={**os.environ, **environment, "DATABASE_URL": url},
        capture_output=True,
        text=True,
    )


def check_refused(run: subprocess.CompletedProcess[str], message: str) -> None:
    """See that the command said this and nothing else."""
    assert (run.returncode, run.stdout, run.stderr) == (1, "", f"freehold: {message}\n")
    assert PASSWORD not in run.stderr


@pytest.fixture
def server() -> str:
    """A URL of the suite's own server, with its superuser's password."""
    return embedded.get_url(os.environ["DATABASE_URL"].partition("://")[2])


def replace_login(url: str, login: str, database: str = "freehold") -> str:
    """Give the URL with another login and database."""
    return f"postgresql://{login}@127.0.0.1:{urlsplit(url).port}/{database}"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            f"redis://ada:{PASSWORD}@127.0.0.1/0",
            "DATABASE_URL has the unknown scheme 'redis': write postgresql://host/database, embedded:///path or "
            "sqlite:///local.db",
        ),
        (
            "embedded:",
            "DATABASE_URL has no path for the embedded PostgreSQL: write embedded:///absolute/path or embedded:./path",
        ),
        (
            f"postgresql://ada:{PASSWORD}%zz@127.0.0.1/shop",
            "DATABASE_URL has a % in its password that begins no escape: write %25 for the character",
        ),
        (
            f"postgresql://ada:{PASSWORD}@127.0.0.1:1/shop",
            'PostgreSQL database shop at 127.0.0.1:1 as ada: connection failed: connection to server at "127.0.0.1", '
            "port 1 failed: Connection refused; "
            "Is the server running on that host and accepting TCP/IP connections?; "
            "start the server, or put the right host and port into DATABASE_URL",
        ),
    ],
)
def test_migrate_url_wrong_is_one_line(url: str, message: str) -> None:
    run = migrate(url)

    check_refused(run, message)


def test_migrate_sqlite_directory_is_one_line(tmp_path: Path) -> None:
    run = migrate(f"sqlite:///{tmp_path}")

    check_refused(run, f"DATABASE_URL names {tmp_path}, which is a directory: name a file in it")


def test_migrate_sqlite_other_file_is_one_line_and_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "my notes.txt"
    path.write_text("no database at all")

    run = migrate(f"sqlite:///{path}")

    check_refused(run, f"DATABASE_URL names {path}, which is no SQLite database: name another file")
    assert path.read_text() == "no database at all"


@pytest.fixture
def old() -> Iterator[Path]:
    """A bin directory that every account can pass through, with a PostgreSQL too old to use."""
    with tempfile.TemporaryDirectory(prefix="freehold-old-") as name:
        program = Path(name, "postgres")
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.19'\n")
        for path in (program, program.parent):
            path.chmod(0o755)
        yield program.parent


def test_migrate_embedded_on_too_old_postgresql_is_one_line_and_makes_nothing(old: Path) -> None:
    run = migrate(f"embedded://{old}/pg", PG_BIN=str(old))

    check_refused(
        run,
        f"PostgreSQL, embedded at {old}/pg: {old} is PostgreSQL 14.19, and 15 is the oldest that will do: "
        "set PG_BIN to a newer one",
    )
    assert not (old / "pg").exists()


@pytest.mark.postgresql
@pytest.mark.parametrize("user", ["postgres", "nobody_of_this_name"])
def test_migrate_password_wrong_or_role_missing_is_one_line(server: str, user: str) -> None:
    """A server tells nobody which of the two it is."""
    url = replace_login(server, f"{user}:{PASSWORD}")

    run = migrate(url)

    check_refused(
        run,
        f"PostgreSQL database freehold at 127.0.0.1:{urlsplit(server).port} as {user}: connection failed: "
        f'connection to server at "127.0.0.1", port {urlsplit(server).port} failed: FATAL:  '
        f'password authentication failed for user "{user}"; {LOGIN}',
    )


@pytest.mark.postgresql
def test_migrate_database_missing_is_one_line(server: str) -> None:
    password = urlsplit(server).password

    run = migrate(replace_login(server, f"postgres:{password}", "shop"))

    check_refused(
        run,
        f"PostgreSQL database shop at 127.0.0.1:{urlsplit(server).port} as postgres: connection failed: "
        f'connection to server at "127.0.0.1", port {urlsplit(server).port} failed: FATAL:  '
        'database "shop" does not exist; make the database, or put the right name into DATABASE_URL',
    )
    assert str(password) not in run.stderr


@pytest.mark.postgresql
def test_migrate_no_user_and_no_password_file_names_the_migrator(server: str) -> None:
    port = urlsplit(server).port

    run = migrate(f"postgresql://127.0.0.1:{port}/freehold?passfile=/nowhere")

    check_refused(
        run,
        f"PostgreSQL database freehold at 127.0.0.1:{port}: "
        f'can\'t connect as migrator: connection failed: connection to server at "127.0.0.1", port {port} failed: '
        "fe_sendauth: no password supplied. If the role is missing, `manage.py ownership bootstrap` with --admin-url "
        "makes it; if it is there, its password belongs into the password file",
    )
