"""Every command that touches a database says which: before its own first line, or in its error."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import django
import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from freehold import embedded
from freehold.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from freehold.cli.announcing import announcing, asks_for_silence, describe, name_untold, want

pytestmark = pytest.mark.once  # most are about files of SQLite's, whatever the run is on
ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "hush-hush"


def manage(
    *words: str, url: str, both: bool = False, typed: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `manage.py`; with `both` streams in one, as on a terminal."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if both else subprocess.PIPE,
        input=typed,
        text=True,
        timeout=120,
    )


# --- In the first line ---------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all tables; it is copied for each test that uses it."""
    file = tmp_path_factory.mktemp("announcing") / "local.db"
    done = manage("migrate", "-v", "0", url=f"sqlite:///{file}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return file


COMMANDS = [
    "migrate",
    "showmigrations",
    "seed status",
    "ownership check",
    "lint",
    "dumpdata auth_app",
    "flush --no-input",
    "shell -c from\tauth_app.models\timport\tUser;print(User.objects.count())",
]
OTHERS = [  # a start each of the same few ways
    "migrate --plan",
    "migrate --check",
    "rollback --steps 1 --plan",
    "history show",
    "history verify",
    "seed up master.0001_categories",
    "ownership plan",
    "check --database default",
    "makemigrations --check --dry-run",
    "inspectdb auth.user",
    "sqlflush",
    "sqlmigrate master 0001",
    "clearsessions",
    "createsuperuser --no-input --email ann@x.example",
    "changepassword nobody@x.example",
    "quickstart --no-serve --no-demo",
]


@pytest.mark.parametrize("command", [*COMMANDS, *(pytest.param(each, marks=pytest.mark.long) for each in OTHERS)])
def test_command_says_first_which_database_it_is(command: str, migrated: Path, tmp_path: Path) -> None:
    file = tmp_path / "local.db"
    file.write_bytes(migrated.read_bytes())

    done = manage(*(word.replace("\t", " ") for word in command.split(" ")), url=f"sqlite:///{file}", both=True)

    said = [line for line in done.stdout.splitlines() if line and not re.match(r"\d+ objects imported", line)]
    assert said[0] == f"Database: SQLite file {file}", done.stdout
    assert done.stdout.count("Database: ") == 1


def test_dbshell_says_it_before_it_hands_over(migrated: Path, tmp_path: Path) -> None:
    program = tmp_path / "sqlite3"
    program.write_text("#!/bin/sh\necho handed over\n")
    program.chmod(0o755)

    done = manage("dbshell", url=f"sqlite:///{migrated}", both=True, PATH=f"{tmp_path}:{os.environ['PATH']}")

    assert done.stdout == f"Database: SQLite file {migrated}\nhanded over\n"


OF_5_2 = ["check", "findstatic admin.css"]  # from 6.0 on Django looks at every database when it checks


@pytest.mark.parametrize("command", ["help", "version", "ownership show", *(OF_5_2 if django.VERSION < (6,) else [])])
def test_command_that_touches_no_database_says_nothing(command: str, tmp_path: Path) -> None:
    done = manage(*command.split(), url=f"sqlite:///{tmp_path}/local.db", both=True)

    assert "Database: " not in done.stdout
    assert not (tmp_path / "local.db").exists()


@pytest.mark.parametrize("words", [["dumpdata", "auth_app"], ["ownership", "check", "--format", "json"]])
def test_output_for_programs_stays_as_it_was(words: list[str], migrated: Path) -> None:
    done = manage(*words, url=f"sqlite:///{migrated}")

    assert json.loads(done.stdout) is not None
    assert done.stderr.startswith(f"Database: SQLite file {migrated}\n")


@pytest.mark.parametrize("words", [["-v", "0"], ["-v0"], ["--verbosity", "0"], ["--verbosity=0"]])
def test_verbosity_0_is_silence(words: list[str], migrated: Path) -> None:
    done = manage("migrate", *words, url=f"sqlite:///{migrated}")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("words", "is_silent"),
    [
        (["-v", "1"], False),
        (["-v", "2", "0"], False),
        (["x", "--", "-v", "0"], False),
        (["-v", "0"], True),
        (["-v"], False),
    ],
)
def test_silence_is_asked_for_by_the_option_alone(words: list[str], is_silent: bool) -> None:
    assert asks_for_silence(["manage.py", "migrate", *words]) is is_silent


@pytest.mark.postgresql
def test_embedded_server_is_named_by_its_directory() -> None:
    url = os.environ["DATABASE_URL"]
    done = manage("embedded", "psql", "--", "-Atc", "SELECT 'in'", url=url)

    assert (done.stdout, done.stderr) == (
        "in\n",
        f"Database: PostgreSQL, embedded at {url.removeprefix('embedded://')}\n",
    )


@pytest.mark.postgresql
def test_server_is_named_without_the_password() -> None:
    url = embedded.get_url(os.environ["DATABASE_URL"].partition("://")[2])
    parts = urlsplit(url)
    done = manage("showmigrations", url=url)

    assert done.stderr == f"Database: PostgreSQL database freehold at 127.0.0.1:{parts.port} as postgres\n"


# --- In the error ------------------------------------------------------------------------------------------------
def test_seed_status_of_an_unmigrated_database_names_it(tmp_path: Path) -> None:
    done = manage("seed", "status", url=f"sqlite:///{tmp_path}/empty.db")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Database: SQLite file {tmp_path}/empty.db\n"
        "freehold: table public.migration_history, which the history of seeds needs, is missing: "
        "run `manage.py migrate` first\n"
    )


def test_error_of_a_silent_command_names_the_database(tmp_path: Path) -> None:
    done = manage("seed", "status", "-v", "0", url=f"sqlite:///{tmp_path}/empty.db")

    assert done.stderr == (
        f"freehold: SQLite file {tmp_path}/empty.db: table public.migration_history, which the history of seeds needs, "
        "is missing: run `manage.py migrate` first\n"
    )


AWAY = "PostgreSQL database shop at 127.0.0.1:1 as ada"


@pytest.mark.parametrize("command", ["showmigrations", "clearsessions", "seed status", "migrate -v 0"])
def test_server_that_is_away_is_named_in_the_error(command: str) -> None:
    done = manage(*command.split(), url=f"postgresql://ada:{PASSWORD}@127.0.0.1:1/shop")

    assert done.returncode == 1
    assert done.stderr.startswith(f"freehold: {AWAY}: ")
    assert len(done.stderr.splitlines()) == 1
    assert PASSWORD not in done.stderr


def test_server_that_is_away_is_named_before_an_error_of_djangos() -> None:
    done = manage("dumpdata", url=f"postgresql://ada:{PASSWORD}@127.0.0.1:1/shop")

    assert done.returncode == 1
    assert done.stderr.startswith(f"Database: {AWAY}\nCommandError: Unable to serialize database: ")
    assert PASSWORD not in done.stderr


def test_server_that_is_away_is_named_where_a_command_goes_on() -> None:
    done = manage("check", "--database", "default", url=f"postgresql://ada:{PASSWORD}@127.0.0.1:1/shop")

    assert done.stderr == f"Database: {AWAY}: it could not be reached, so that nothing was looked at there\n"


@pytest.mark.parametrize("command", ["createsuperuser --no-input --email a@x.example", "clearsessions"])
def test_table_that_is_missing_is_one_line_with_the_way_out(command: str, tmp_path: Path) -> None:
    file = f"{tmp_path}/empty.db"
    done = manage(*command.split(), url=f"sqlite:///{file}")

    assert done.returncode == 1
    assert done.stderr.startswith(f"Database: SQLite file {file}\n")
    assert done.stderr.endswith("; `manage.py migrate` makes what is missing\n")


@pytest.mark.postgresql
def test_table_that_is_missing_on_postgresql_is_one_line_with_the_way_out() -> None:
    url = embedded.get_url(os.environ["DATABASE_URL"].partition("://")[2])
    done = manage("clearsessions", url=url)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[1].startswith('freehold: relation "auth.session" does not exist')
    assert done.stderr.endswith("; `manage.py migrate` makes what is missing\n")


# --- In words ----------------------------------------------------------------------------------------------------
def make(entry: dict[str, object]) -> PostgreSQL:
    return PostgreSQL({"NAME": "shop", "HOST": "", "PORT": "", "USER": "", "OPTIONS": {}, **entry}, "default")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"OPTIONS": {"embedded": "/srv/pg"}}, "PostgreSQL, embedded at /srv/pg"),
        ({"OPTIONS": {"embedded": f"{Path.cwd()}/var/pg"}}, "PostgreSQL, embedded at ./var/pg"),
        ({"HOST": "db", "PORT": "5433"}, "PostgreSQL database shop at db:5433"),
        ({"HOST": "a,b", "PORT": "1,2"}, "PostgreSQL database shop at a,b:1,2"),
        ({"HOST": "db", "USER": "ada", "PASSWORD": PASSWORD}, "PostgreSQL database shop at db as ada"),
        ({"HOST": "db", "USER": "all_rw", "SWITCH_LOGIN": True}, "PostgreSQL database shop at db"),
        ({"HOST": "/run/postgresql"}, "PostgreSQL database shop at /run/postgresql"),
        ({}, "PostgreSQL database shop at a local socket"),
        ({"NAME": "", "OPTIONS": {"service": "shops"}}, "PostgreSQL of service shops"),
    ],
)
def test_database_is_described(entry: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGHOST", raising=False)

    assert describe(make(entry)) == words


@pytest.mark.parametrize("name", [":memory:", "file:memorydb_default?mode=memory&cache=shared"])
def test_database_in_memory_is_described(name: str) -> None:
    assert describe(SQLite({"NAME": name, "OPTIONS": {}}, "default")) == "SQLite in memory"


def test_database_wanted_outside_of_a_command_is_nobodys_to_name() -> None:
    want(make({"HOST": "db"}))

    assert name_untold() == ""


def test_database_wanted_last_is_named_until_the_command_ends() -> None:
    with announcing(["manage.py", "migrate"]):
        want(make({"HOST": "db"}))
        named = name_untold()

    assert (named, name_untold()) == ("PostgreSQL database shop at db", "")
