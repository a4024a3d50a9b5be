"""`manage.py ownership plan|apply|check|explain` from outside: what it prints and how it exits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from freehold.errors import OwnershipError
from freehold.findings import LookError
from freehold.ownership import Ownership
from freehold.rights.look import TITLES
from tests.freehold.estates import get_server, make_login, make_tag, open_database
from tests.freehold.rights.estates import Estate, make_map

ROOT = Path(__file__).resolve().parents[3]
TAG = make_tag()
MAP: Ownership = make_map(TAG)
ALIAS = "distant"
UNSEEN = (
    "SQLite has no roles, owners, grants and policies to look at: nothing was compared, and exit status 0 says no more "
    "than that. DATABASE_URL=postgresql://… or embedded:./var/postgres names a database that has them"
)
Run = Callable[..., str]


# --- As a process ----------------------------------------------------------------------------------------------------
def manage(
    url: str, *arguments: str, settings: str = "config.settings", path: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `manage.py ownership` in a process of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": os.pathsep.join([path, str(ROOT)]),
    }
    command = [sys.executable, "manage.py", "ownership", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check"], f"{UNSEEN}\n"),
        (["plan"], "Nothing to do: SQLite has no roles and no schemas.\n"),
        (["apply"], "Nothing to do: SQLite has no roles and no schemas.\n"),
        (["explain", "app.items"], "Nothing to do: SQLite has no roles and no schemas.\n"),
    ],
)
def test_on_sqlite_there_is_nothing_to_look_at(arguments: list[str], said: str, tmp_path: Path) -> None:
    result = manage(f"sqlite:///{tmp_path}/local.db", *arguments)

    assert (result.returncode, result.stdout) == (0, said)
    assert result.stderr == f"Database: SQLite file {tmp_path}/local.db\n"


@pytest.mark.parametrize("style", ["json", "sarif"])
def test_check_on_sqlite_for_a_program_says_so_beside_it(style: str, tmp_path: Path) -> None:
    result = manage(f"sqlite:///{tmp_path}/local.db", "check", "--format", style)

    assert result.returncode == 0
    assert json.loads(result.stdout)
    assert result.stderr == f"Database: SQLite file {tmp_path}/local.db\n{UNSEEN}\n"


def test_check_on_sqlite_is_silent_where_it_is_asked_to_be(tmp_path: Path) -> None:
    result = manage(f"sqlite:///{tmp_path}/local.db", "-v", "0", "check")

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(("action", "status"), [("check", 2), ("plan", 1), ("apply", 1)])
def test_server_that_is_away_is_one_line(action: str, status: int) -> None:
    result = manage("postgresql://someone@127.0.0.1:1/nowhere", action)

    assert (result.returncode, result.stdout) == (status, "")
    assert result.stderr.startswith(
        f"freehold: PostgreSQL database nowhere at 127.0.0.1:1 as someone: can't connect to {action}: "
    )
    assert len(result.stderr.splitlines()) == 1


def test_format_that_is_none_is_refused_with_those_there_are(tmp_path: Path) -> None:
    result = manage(f"sqlite:///{tmp_path}/local.db", "check", "--format", "xml")

    assert result.returncode == 2
    assert "argument --format: invalid choice: 'xml'" in result.stderr


def test_project_without_a_map_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "mapless.py").write_text("from config.settings import *\nOWNERSHIP = None\n")

    result = manage(f"sqlite:///{tmp_path}/local.db", "check", settings="mapless", path=str(tmp_path))

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        'freehold: settings.OWNERSHIP is not set: name the map, e.g. OWNERSHIP = "config.ownership.OWNERSHIP"\n'
    )


# --- On a server -----------------------------------------------------------------------------------------------------
@pytest.fixture
def distant(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Estate]:
    """A database that DATABASE_URL=postgresql://HOST:PORT/NAME would name, in line with what is declared."""
    server = get_server()
    with django_db_blocker.unblock(), open_database(server, TAG) as database:
        connections.settings[ALIAS] = {
            **connections.settings["default"],
            "NAME": database["dbname"],
            "HOST": server["host"],
            "PORT": server["port"],
            "OPTIONS": {"schemas": list(MAP.schema_names)},
        }
        settings.OWNERSHIP = f"{__name__}.MAP"
        estate = Estate(database, TAG, tmp_path / "pgpass")
        estate.declare(monkeypatch)
        estate.make()
        yield estate
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


@pytest.fixture
def run(distant: Estate) -> Run:
    """Give a function that runs `manage.py ownership` as the superuser; it gives what is printed."""
    database = distant.database
    url = f"postgresql://postgres@{database['host']}:{database['port']}/?passfile={database['passfile']}"

    def call(*arguments: str, status: int = 0, **options: Any) -> str:
        output = StringIO()
        options = {"database": ALIAS, "stdout": output, "admin_url": url, **options}
        try:
            call_command("ownership", *arguments, **options)
            found = 0
        except SystemExit as error:
            found = int(str(error.code))
        assert found == status
        return distant.plain(output.getvalue())

    return call


@pytest.mark.postgresql
def test_check_exits_with_1_and_says_what_in_each_format(run: Run, distant: Estate) -> None:
    clean = run("check")
    distant.execute("GRANT DELETE ON wood.tree TO farm@")

    text = run("check", status=1)
    document = json.loads(run("check", format="json", status=1))
    sarif = json.loads(run("check", format="sarif", status=1))

    assert clean == "No findings.\n"
    assert text.splitlines()[-1] == "1 finding."
    assert text.splitlines()[0] == "D013 wood.tree: farm holds DELETE; declared: no such right"
    assert [(each["rule"], each["object"]) for each in document["findings"]] == [("D013", "wood.tree")]
    (log,) = sarif["runs"]
    assert [rule["id"] for rule in log["tool"]["driver"]["rules"]] == list(TITLES)
    assert [(each["ruleId"], each["level"]) for each in log["results"]] == [("D013", "error")]


@pytest.mark.postgresql
def test_plan_then_apply_then_nothing(run: Run, distant: Estate) -> None:
    distant.execute("GRANT DELETE ON wood.tree TO farm@")

    plan, done, again, plan_again = run("plan"), run("apply"), run("apply"), run("plan")

    assert plan.splitlines() == [
        "-- 1 change for database estate, by postgres",
        "BEGIN;",
        "SET LOCAL search_path = pg_catalog, pg_temp;",
        "",
        'SET LOCAL ROLE "wood";',
        "",
        "-- revoke DELETE on wood.tree from farm",
        'REVOKE DELETE ON TABLE "wood"."tree" FROM "farm";',
        "",
        "SET LOCAL ROLE NONE;",
        "",
        "COMMIT;",
    ]
    assert done == "  revoke DELETE on wood.tree from farm\n1 change.\n"
    assert again == "Nothing to do: the database is what is declared.\n"
    assert plan_again == "-- Nothing to do: the database is what is declared.\n"


@pytest.mark.postgresql
def test_apply_stops_at_its_limit_and_at_a_limit_that_is_none(run: Run, distant: Estate) -> None:
    distant.execute("GRANT SELECT, DELETE ON wood.tree TO farm@")

    with pytest.raises(OwnershipError, match="the plan takes 2 privileges"):
        run("apply", max_revokes=1)
    with pytest.raises(OwnershipError, match="--max-revokes -1 is below zero"):
        run("apply", max_revokes=-1)


@pytest.mark.postgresql
def test_explain_prints_and_refuses_what_there_is_not(run: Run) -> None:
    assert run("explain", "wood.tree").splitlines()[0] == "wood.tree: table"
    with pytest.raises(OwnershipError, match="there is no role and no object 'nothing'"):
        run("explain", "nothing")


@pytest.mark.postgresql
def test_migrator_is_who_looks_where_no_admin_is_named(
    run: Run, distant: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(distant.passfile))

    assert run("check", admin_url="") == "No findings.\n"
    assert run("plan", admin_url="") == "-- Nothing to do: the database is what is declared.\n"


@pytest.mark.postgresql
def test_login_that_may_not_enter_could_not_look(run: Run, distant: Estate) -> None:
    make_login(distant.database, f"outsider_{TAG}")
    address = f"{distant.database['host']}:{distant.database['port']}"

    with pytest.raises(LookError, match="can't connect to check: ") as caught:
        run("check", admin_url=f"postgresql://outsider_{TAG}:sesame@{address}/")

    assert caught.value.exit_status == 2
