"""Django's commands that ask what is applied, in the process of each service, where none may read schema public."""

from __future__ import annotations

import pytest

from tests.freehold.adoption.conftest import Project
from tests.freehold.adoption.test_connecting import bootstrap, name_superuser, project

__all__ = ["project"]  # a fixture
COMMANDS = (
    "makemigrations people --check",
    "makemigrations people --dry-run",
    "showmigrations people",
    "showmigrations --plan",
    "sqlmigrate people 0001",
    "optimizemigration people 0001 --check",
    "squashmigrations people 0001 --noinput",
    "migrate --plan",
    "migrate --check",
)


def make(project: Project) -> None:
    """Take `public` from the one service that reads it, and migrate."""
    project.edit("ownership.py", (' reads=("public",),', ""))
    bootstrap(project)
    project.run("python manage.py migrate")


@pytest.mark.parametrize("service", ["desk", "door", "all"])
def test_no_service_has_to_read_what_is_applied(project: Project, service: str) -> None:
    make(project)
    project.environment["SERVICE"] = service

    for command in COMMANDS:
        printed = project.run(f"python manage.py {command}")
        assert "Traceback" not in printed

    assert "[-] 0001_squashed_0001_initial" in project.run("python manage.py showmigrations people")


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "command", ["makemigrations --check", "showmigrations", "squashmigrations people 0001", "sqlmigrate people 0001"]
)
def test_without_a_password_one_line_says_so(project: Project, command: str) -> None:
    make(project)
    passfile, migrator = project.directory / "pgpass", f"migrator_{project.environment['TAG']}"
    lines = passfile.read_text().splitlines(keepends=True)
    passfile.write_text("".join(line for line in lines if f":{migrator}:" not in line))

    *_, printed = project.run(f"python manage.py {command}", status=1).splitlines()

    assert f"can't connect as {migrator}: " in printed
    assert printed.endswith("makes it; if it is there, its password belongs into the password file")


@pytest.mark.postgresql
def test_login_of_a_service_in_the_url_is_told_whom_to_name(project: Project) -> None:
    make(project)
    tag = project.environment["TAG"]
    project.environment["DATABASE_URL"] = project.environment["DATABASE_URL"].replace("://", f"://door_{tag}@")
    project.environment["SERVICE"] = "door"

    printed = project.run("python manage.py showmigrations", status=1)

    assert printed.splitlines()[-1].endswith(
        f"door_{tag} may not read what is applied (permission denied for table django_migrations): name migrator_{tag} "
        "in DATABASE_URL, or no user, so that the command chooses it"
    )
    assert "Traceback" not in printed


@pytest.mark.postgresql
def test_migrations_are_made_before_there_are_roles(project: Project) -> None:
    project.edit("people/models.py", ("class Meta", "note = models.TextField(default='')\n\n    class Meta"))

    assert "Migrations for 'people'" in name_superuser(project, "python manage.py makemigrations people")
