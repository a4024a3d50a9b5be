"""A map without services says where tables lie, and asks for no role: the one login does all, as under Django."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from freehold.management.commands.ownership import UNSEEN
from tests.dialect import DIALECT
from tests.freehold.adoption.conftest import SAMPLES, Project
from tests.freehold.adoption.test_connecting import make_project, make_url
from tests.freehold.estates import get_server, make_login, make_tag, open_database

MAP = """
from freehold.ownership import Ownership, Schema

MAP = Ownership(
    schemas=(
        Schema("accounts", places=("auth", "contenttypes", "admin", "sessions")),
        Schema("people", apps=("people",)),
        Schema("public", apps=("freehold",)),
    ),
)
"""
USE = """
from django.contrib.auth.models import User
from django.test import Client
from people.models import Person

boss = User.objects.create_superuser("ann", "ann@example.com", "pw")
person = Person.objects.create(name="Bea", account=boss)
person.friends.add(person)
client = Client(headers={"host": "localhost"})
client.force_login(boss)
added = client.post("/admin/people/person/add/", {"name": "Carl"}).status_code
page = client.get("/admin/people/person/")
print(added, page.status_code, Person.objects.count(), b"Carl" in page.content)
"""
TABLES = """
    SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('accounts', 'people', 'public') ORDER BY 1
"""
OTHERS = "SELECT rolname::text FROM pg_roles WHERE rolname ~ '_owner$' AND rolname ~ 'people|accounts'"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """The sample `connected` with such a map; on PostgreSQL its login owns the database, and may do nothing else."""
    directory = tmp_path / "connected"
    shutil.copytree(SAMPLES / "connected", directory, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(directory / "people" / "migrations")
    (directory / "people" / "migrations").mkdir()
    (directory / "people" / "migrations" / "__init__.py").touch()
    (directory / "ownership.py").write_text(MAP)
    (directory / "use.py").write_text(USE)
    tag = make_tag()
    if DIALECT == "sqlite":
        yield make_project(directory, tag, "sqlite:///local.db")
        return
    server, login = get_server(), f"ann_{tag}"
    make_login(server, login, "CREATEDB")
    with psycopg.connect(**server, autocommit=True) as root:  # the bootstrap of another map closed it for everyone
        root.execute(f"GRANT CONNECT ON DATABASE postgres TO {login}")
    with open_database(server, tag, owner=login) as database:
        project = make_project(directory, tag, make_url(database, f"{login}:sesame@"))
        project.server = {**database, "user": login, "password": "sesame"}
        yield project


def test_project_with_one_login_lives_as_under_django(project: Project) -> None:
    assert "0001_initial.py" in project.run("python manage.py makemigrations people")
    assert project.run("python manage.py makemigrations --check --dry-run") == "No changes detected\n"
    assert "no issues" in project.run("python manage.py check --database default")

    printed = project.run("python manage.py migrate")
    again = project.run("python manage.py migrate")
    used = project.run("python manage.py shell -c 'import use'")

    assert "Applying people.0001_initial... OK" in printed
    assert "No migrations to apply." in again
    assert used.splitlines()[-1] == "302 200 2 True"
    assert "[X] 0001_initial" in project.run("python manage.py showmigrations people")
    if project.server:
        assert printed.startswith("  Made schema accounts\n  Made schema people\n")
        tables = project.fetch(TABLES)
        assert {"accounts.auth_user", "people.person", "people.person_friends", "public.django_migrations"} <= {*tables}
        assert [table for table in tables if table.startswith("public.")] == [
            "public.django_migrations",
            "public.migration_history",
        ]
        assert project.fetch(OTHERS) == []


def test_what_needs_roles_says_so_in_a_line(project: Project) -> None:
    alone = "the ownership map has no services, so that it is for placement alone"
    unseen = f"Nothing to look at: {alone}."
    if project.server is None:
        alone, unseen = "SQLite has no roles and no schemas", UNSEEN.format("SQLite")

    assert project.run("python manage.py ownership bootstrap") == f"Nothing to do: {alone}.\n"
    assert project.run("python manage.py ownership check") == f"{unseen}\n"
    assert project.run("python manage.py rollback --all", status=1) == (
        "MigrationError: rollback needs an ownership map (settings.OWNERSHIP) with services, and a database that is "
        "the map's: `manage.py migrate APP NAME` takes back what was applied without one\n"
    )
    assert project.run("python manage.py migrate --service desk", status=1) == (
        "MigrationError: --schema and --service need an ownership map with services: leave them out\n"
    )


def test_dump_and_load_go_past_the_history(project: Project) -> None:
    project.run("python manage.py makemigrations people")
    project.run("python manage.py migrate")
    project.run("python manage.py shell -c 'import use'")
    command = "python manage.py dumpdata --natural-foreign --exclude contenttypes --exclude auth.permission"
    before = project.run(command)

    project.run(f"{command} -o all.json")
    project.run("python manage.py flush --noinput")
    printed = project.run("python manage.py loaddata all.json")

    assert printed.startswith("Installed ")
    assert project.run(command) == before


@pytest.mark.postgresql
def test_tests_are_made_by_the_login_with_createdb(project: Project) -> None:
    project.run("python manage.py makemigrations people")
    (project.directory / "people" / "tests.py").write_text(
        "from django.test import TestCase\nfrom people.models import Person\n\n\n"
        "class PersonTest(TestCase):\n    def test_person(self):\n        Person.objects.create(name='Ann')\n"
    )

    assert "\n\nOK\n" in project.run("python manage.py test --noinput")


@pytest.mark.postgresql
def test_login_that_may_make_no_schema_is_told_who_can(project: Project) -> None:
    project.run("python manage.py makemigrations people")
    name = project.server["dbname"]  # type: ignore[index]
    login = f"guest_{project.environment['TAG']}"
    make_login(get_server(), login)
    project.environment["DATABASE_URL"] = make_url(get_server() | {"dbname": name}, f"{login}:sesame@")

    printed = project.run("python manage.py migrate", status=1)

    assert printed == (
        f"MigrationError: schema accounts is missing in database {name!r}, and {login} can't make it (permission "
        f"denied for database {name}): let whoever owns the database run CREATE SCHEMA accounts AUTHORIZATION {login}\n"
    )
    with psycopg.connect(**{**get_server(), "dbname": str(name)}, autocommit=True) as root:
        root.execute(f"CREATE SCHEMA accounts AUTHORIZATION {login}; CREATE SCHEMA people AUTHORIZATION {login}")
        root.execute(f"GRANT CREATE ON SCHEMA public TO {login}")
    assert "Applying people.0001_initial... OK" in project.run("python manage.py migrate")
