"""A project of somebody's own, with Django's own manage.py: its tests, its errors, and whom its commands act as."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.dialect import DIALECT
from tests.freehold.adoption.conftest import SAMPLES, Project
from tests.freehold.estates import get_server, make_login, make_tag, open_database

PASSED = re.compile(r"Ran 5 tests in .*\n\nOK\n")
TEST_DATABASES = "SELECT datname::text FROM pg_database WHERE datname LIKE 'test\\_estate\\_{tag}%'"
on_postgresql = pytest.mark.postgresql


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """The sample `connected`. On PostgreSQL its URL names no user, and its password file is empty."""
    shutil.copytree(SAMPLES / "connected", tmp_path / "connected", ignore=shutil.ignore_patterns("__pycache__"))
    tag = make_tag()
    if DIALECT == "sqlite":
        yield make_project(tmp_path / "connected", tag, "sqlite:///local.db")
        return
    with open_database(get_server(), tag) as database:
        project = make_project(tmp_path / "connected", tag, make_url(database))
        project.server = database
        yield project
        with psycopg.connect(**get_server(), autocommit=True) as root:
            for (name,) in root.execute(TEST_DATABASES.format(tag=tag)).fetchall():
                root.execute(f"DROP DATABASE {name} WITH (FORCE)")


def make_project(directory: Path, tag: str, url: str) -> Project:
    """Give the project with the variables that it reads, and with none of libpq's."""
    project = Project(directory, None)
    project.environment = {name: value for name, value in project.environment.items() if not name.startswith("PG")}
    project.environment |= {"TAG": tag, "DATABASE_URL": url, "PGPASSFILE": "pgpass"}
    return project


def make_url(database: dict[str, object], login: str = "") -> str:
    return f"postgresql://{login}{database['host']}:{database['port']}/{database['dbname']}"


def get_superuser(project: Project) -> str:
    """Give `postgres:password@`."""
    assert project.server is not None
    with psycopg.connect(**project.server) as connection:
        return f"postgres:{connection.info.password}@"


def name_superuser(project: Project, command: str, status: int = 0) -> str:
    """Run a command with the superuser in DATABASE_URL."""
    before = project.environment["DATABASE_URL"]
    project.environment["DATABASE_URL"] = make_url(project.server or {}, get_superuser(project))
    try:
        return project.run(command, status)
    finally:
        project.environment["DATABASE_URL"] = before


def bootstrap(project: Project) -> None:
    """Make roles and schemas, where there are any."""
    if project.server:
        url = make_url(project.server, get_superuser(project))
        project.run(f"python manage.py ownership bootstrap --admin-url {url}")


def list_test_databases(project: Project) -> list[str]:
    return project.fetch(TEST_DATABASES.format(tag=project.environment["TAG"]))


# --- manage.py test ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("options", ["", "--parallel 2"])
def test_django_runner_passes_with_a_superuser_in_the_url(project: Project, options: str) -> None:
    command = f"python manage.py test --noinput {options}"

    printed = name_superuser(project, command) if project.server else project.run(command)

    assert PASSED.search(printed)
    assert "no issues" in printed
    assert project.server is None or list_test_databases(project) == []


@on_postgresql
@pytest.mark.parametrize("options", ["", "--parallel 2", "--keepdb"])
def test_django_runner_passes_with_the_superuser_in_the_password_file(project: Project, options: str) -> None:
    bootstrap(project)
    with (project.directory / "pgpass").open("a") as file:
        file.write(f"*:*:*:{get_superuser(project).rstrip('@')}\n")

    for _ in range(2):
        assert PASSED.search(project.run(f"python manage.py test --noinput {options}"))

    assert list_test_databases(project) == ([f"test_{project.server['dbname']}"] if options == "--keepdb" else [])


@on_postgresql
def test_django_runner_without_a_superuser_is_one_line_and_makes_nothing(project: Project) -> None:
    bootstrap(project)

    *_, printed = project.run("python manage.py test --noinput", status=1).splitlines()

    assert re.fullmatch(
        r"NoTestDatabaseError: the test database is made by a superuser, and postgres can't connect: .*no password "
        r"supplied\. Put that login's password into the password file, or name a superuser in DATABASE_URL for the run "
        r"of the tests \(docs/testing\.md\)",
        printed,
    )
    assert list_test_databases(project) == []


@on_postgresql
def test_django_runner_with_another_user_in_the_url_is_one_line_and_makes_nothing(project: Project) -> None:
    login = f"keeper_{project.environment['TAG']}"
    make_login(get_server(), login, "CREATEDB CREATEROLE")
    project.environment["DATABASE_URL"] = make_url(project.server or {}, f"{login}:sesame@")

    *_, printed = project.run("python manage.py test --noinput", status=1).splitlines()

    assert printed == (
        f"NoTestDatabaseError: the test database is made by a superuser, and {login} is none: it can't make the "
        "ownership map's roles and become each of them; name a superuser in DATABASE_URL for the run of the tests "
        "(docs/testing.md)"
    )
    assert list_test_databases(project) == []


@on_postgresql
def test_test_database_whose_migrations_fail_is_not_left_behind(project: Project) -> None:
    project.edit("people/migrations/0001_initial.py", ("operations = [", "operations = [\n        1 / 0,"))

    printed = name_superuser(project, "python manage.py test --noinput", status=1)

    assert "ZeroDivisionError" in printed
    assert list_test_databases(project) == []


@on_postgresql
def test_pytest_passes_either_way(project: Project) -> None:
    command = "python -m pytest -q -p no:cacheprovider -c /dev/null --rootdir . --ds settings people/tests.py"

    assert "5 passed" in name_superuser(project, command)
    bootstrap(project)
    with (project.directory / "pgpass").open("a") as file:
        file.write(f"*:*:*:{get_superuser(project).rstrip('@')}\n")
    assert "5 passed" in project.run(command)


# --- Errors --------------------------------------------------------------------------------------------------------
@on_postgresql
@pytest.mark.parametrize("command", ["migrate", "migrate --check", "seed status"])
def test_error_of_a_command_is_one_line(project: Project, command: str) -> None:
    printed = name_superuser(project, f"python manage.py {command}", status=1)

    assert printed == (
        f"MigrationError: role auth_{project.environment['TAG']} is missing on the server of database "
        f"{project.server['dbname']!r}: `manage.py ownership bootstrap` makes it\n"
    )


def test_error_of_a_command_is_shown_whole_on_demand(project: Project) -> None:
    printed = project.run("python manage.py rollback --to people nowhere --traceback", status=1)

    assert printed.startswith("Traceback (most recent call last):")
    assert "freehold.errors.MigrationError: " in printed


@pytest.mark.parametrize("command", ["greet", "dumpdata people"])
def test_error_of_a_query_in_a_command_is_one_line(project: Project, command: str) -> None:
    bootstrap(project)
    project.run("python manage.py migrate")
    project.edit("ownership.py", ('    commands="desk",\n', ""))

    printed = project.run(f"python manage.py {command}", status=1)

    assert printed == (
        "ServiceError: can't read people.person: outside of a request no service acts, since the ownership map does "
        'not name the one that commands act as: add it, e.g. Ownership(commands="admin"), or put `with acting_as("…")` '
        "of freehold.services around\n"
    )


@on_postgresql
def test_login_that_the_server_does_not_hold_is_one_line(project: Project) -> None:
    bootstrap(project)
    project.run("python manage.py migrate")
    tag = project.environment["TAG"]
    with psycopg.connect(**(project.server or {})) as root:
        root.execute(f"GRANT people_{tag} TO desk_{tag}")

    printed = project.run("python manage.py runserver --noreload 18953", status=1)

    assert printed == (
        f"StartError: SERVICE=all may not run: login desk_{tag} is a member of people_{tag}: REVOKE people_{tag} FROM "
        f"desk_{tag}\n"
    )


# --- Commands ------------------------------------------------------------------------------------------------------
def test_commands_act_as_the_service_that_the_map_names(project: Project) -> None:
    bootstrap(project)
    project.run("python manage.py migrate")

    assert project.run("python manage.py greet") == "Hello, 0\n"
    assert project.run("python manage.py makemigrations --check --dry-run") == "No changes detected\n"


@on_postgresql
def test_raw_statement_of_no_service_names_the_missing_entry(project: Project) -> None:
    bootstrap(project)
    project.run("python manage.py migrate")
    project.edit("ownership.py", ('    commands="desk",\n', ""))
    project.edit(
        "people/management/commands/greet.py",
        ("Person.objects.count()", "connection.cursor().execute('TABLE people.person')"),
        ("import BaseCommand\n", "import BaseCommand\nfrom django.db import connection\n"),
    )
    printed = project.run("python manage.py greet", status=1)

    assert printed.startswith("AccessError: permission denied for schema people: outside of a request no service acts")


# --- Settings without a URL ------------------------------------------------------------------------------------------
@on_postgresql
def test_project_without_a_url_is_told_of_its_settings(project: Project) -> None:
    database = project.server or {}
    settings = (project.directory / "settings.py").read_text().partition("DATABASES = {")[0]
    entry = {
        "ENGINE": "freehold.backends.postgresql",
        "NAME": database["dbname"],
        "HOST": database["host"],
        "PORT": database["port"],
        "USER": f"all_{project.environment['TAG']}",
        "SWITCH_LOGIN": True,
    }
    options = f'"OPTIONS": {{"schemas": list(MAP.schema_names), "passfile": "{project.directory}/pgpass"}}'
    (project.directory / "settings.py").write_text(
        f"{settings}DATABASES = {{'default': {{**{entry}, {options}}}}}\n"
        'DATABASE_ROUTERS = ["freehold.OwnershipRouter"]\n'
    )
    del project.environment["DATABASE_URL"]

    refused = project.run("python manage.py ownership bootstrap", status=1)
    bootstrap(project)
    untested = project.run("python manage.py test --noinput", status=1)

    assert refused.startswith(
        "OwnershipError: DATABASES['default'] has SWITCH_LOGIN, so that its user is a service's login: name who may "
        "make roles, e.g. --admin-url "
    )
    assert "or name a superuser in DATABASES['default'] for the run of the tests, without SWITCH_LOGIN" in untested
    project.run("python manage.py migrate")
    assert project.run("python manage.py greet") == "Hello, 0\n"
    assert "no issues" in project.run("python manage.py check --database default")


# --- Fixtures --------------------------------------------------------------------------------------------------------
def test_dump_loads_into_the_same_project_again(project: Project) -> None:
    bootstrap(project)
    project.run("python manage.py migrate")
    (project.directory / "fill.py").write_text(
        "from people.models import Person\nann = Person.objects.create(name='Ann')\n"
        "bea = Person.objects.create(name='Bea', boss=ann)\nbea.friends.add(ann)\n"
    )
    (project.directory / "more.py").write_text(
        "from people.models import Person\nPerson.objects.filter(name='Ann').delete()\n"
    )
    project.run("python manage.py shell -c 'import fill'")
    before = project.run("python manage.py dumpdata")

    project.run("python manage.py dumpdata -o all.json")
    project.run("python manage.py shell -c 'import more'")
    printed = project.run("python manage.py loaddata all.json")

    assert printed.startswith("Installed ")
    assert project.run("python manage.py dumpdata") == before
