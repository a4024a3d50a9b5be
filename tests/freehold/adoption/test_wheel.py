"""The wheel holds the engine alone, and a project that installs it needs Django and psycopg and nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from email import message_from_string
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import django
import pytest

from tests.freehold.adoption.conftest import ROOT, Project

# What Django and psycopg are made of. Nothing else of the environment is on the path: `python -S` leaves it out.
NEEDED = re.compile(r"(django|asgiref|sqlparse|psycopg|psycopg_binary|typing_extensions)(-\d.*|\.libs|\.py)?")
APPS = ("auth_app", "config", "items", "master", "profile", "runs", "tenancy", "tests", "conformance", "benchmarks")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this repository, built from a copy, since a build leaves directories behind."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("freehold", "freehold_lint", *APPS):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.db"))
    run_pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(out), str(source))
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def packages(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PYTHONPATH with the installed wheel, Django and psycopg."""
    target, needed = tmp_path_factory.mktemp("target"), tmp_path_factory.mktemp("needed")
    run_pip("install", "--no-deps", "--no-index", "--no-compile", "--target", str(target), str(wheel))
    for found in Path(django.__file__).parents[1].iterdir():
        if NEEDED.fullmatch(found.name):
            (needed / found.name).symlink_to(found)
    return f"{target}{os.pathsep}{needed}"


def run_pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def project(tmp_path: Path, server: dict[str, Any] | None, packages: str) -> Project:
    """A new project with one app, which knows of the engine what its DATABASES say."""
    shutil.copytree(Path(__file__).with_name("samples") / "new", tmp_path / "new")
    return Project(tmp_path / "new", server, packages)


def test_wheel_holds_the_engine_alone_with_its_types_and_its_sql(wheel: Path) -> None:
    with ZipFile(wheel) as file:
        names = file.namelist()
    paths = [path for package in ("freehold", "freehold_lint") for path in (ROOT / package).rglob("*")]
    files = [path.relative_to(ROOT).as_posix() for path in paths if path.is_file()]

    held = {name for name in names if ".dist-info/" not in name}

    assert held == {name for name in files if name.endswith((".py", ".sql", ".html", "py.typed", "max_migration.txt"))}
    assert {"freehold/py.typed", "freehold/backends/postgresql/sql/list_tables.sql"} <= held
    assert {"freehold_lint/py.typed", "freehold_lint/sql/policies.sql"} <= held


def test_wheel_requires_django_and_psycopg_and_offers_the_rest(wheel: Path) -> None:
    with ZipFile(wheel) as file:
        (name,) = (name for name in file.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_string(file.read(name).decode())

    assert [each for each in metadata.get_all("Requires-Dist", []) if "extra ==" not in each] == [
        "Django>=5.2",
        "psycopg>=3.2",
    ]
    extras = ["commands", "embedded", "queries", "lint", "admin", "logs", "metrics", "api"]
    assert metadata.get_all("Provides-Extra") == extras


def test_installed_backend_migrates_and_answers_in_a_project_without_map_and_app(project: Project) -> None:
    printed = project.run("python -S manage.py migrate")
    answer = project.run("python -S manage.py shell -c 'import answer'")

    assert "Applying shop.0002_less... OK" in printed
    assert "no issues" in project.run("python -S manage.py check --database default")
    assert "No changes detected" in project.run("python -S manage.py makemigrations --check --dry-run")
    assert answer.splitlines()[-1] == "sales.thing: two of 2, locked one; psutil, rich, unfold: not installed"


def test_app_without_a_map_leaves_migrate_to_django(project: Project) -> None:
    project.edit("settings.py", ("INSTALLED_APPS = [", 'INSTALLED_APPS = ["freehold", '))

    printed = project.run("python -S manage.py migrate")

    assert "Applying freehold.0001_migration_history... OK" in printed
    assert "Applying shop.0002_less... OK" in printed


@pytest.mark.parametrize(
    ("command", "package", "extra"),
    [
        ("seed status", "rich", "commands"),
        ("ownership show", "rich", "commands"),
        ("lint", "pgparse", "lint"),
        ("lintmigrations", "pgparse", "lint"),
    ],
)
def test_command_without_its_extra_is_one_line(command: str, package: str, extra: str, project: Project) -> None:
    project.edit("settings.py", ("INSTALLED_APPS = [", 'OWNERSHIP = "settings.MAP"\nINSTALLED_APPS = ["freehold", '))
    project.edit("settings.py", ("import os\n", "import os\n\nfrom freehold.ownership import Ownership, Schema\n"))
    with (project.directory / "settings.py").open("a") as file:
        file.write('MAP = Ownership(schemas=(Schema("sales", owner="postgres", apps=("shop",)),), services=())\n')

    printed = project.run(f"python -S manage.py {command}", status=2)

    assert printed == (
        f'MissingExtraError: {package} is not installed, which this needs: pip install "freehold[{extra}]"\n'
    )


@pytest.mark.postgresql
def test_embedded_server_without_its_extra_is_one_line(project: Project) -> None:
    project.edit("settings.py", ('{"schemas"', '{"embedded": "var/postgres", "schemas"'))

    printed = project.run("python -S manage.py migrate", status=2)

    assert printed == 'MissingExtraError: psutil is not installed, which this needs: pip install "freehold[embedded]"\n'
