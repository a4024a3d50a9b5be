"""Apps that a user installs lie where the map puts them, wholly: nothing elsewhere is made, changed or dropped.

`accounts` has django-allauth's apps; `clubs` has a made-up one, with what an app's models and migrations may bring.
The decoys are tables of the same names in another schema, with indexes, constraints and sequences of the same names:
the search path leads to them first, and the owner of the apps' schema may drop them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.freehold.adoption.conftest import Project
from tests.freehold.adoption.states import list_tables, make_decoys, read_state


@dataclass(frozen=True)
class Case:
    """A sample's apps, their schema, what must be migrated before them, their tables, and what `use.py` prints."""

    apps: tuple[str, ...]
    schema: str
    needs: tuple[str, ...]
    tables: set[str]
    used: dict[str, Any]


CASES = {
    "accounts": Case(
        apps=("account", "socialaccount", "mfa", "usersessions"),
        schema="auth",
        needs=("auth", "sessions", "sites"),
        tables={
            "account_emailaddress",
            "account_emailconfirmation",
            "mfa_authenticator",
            "socialaccount_socialaccount",
            "socialaccount_socialapp",
            "socialaccount_socialapp_sites",
            "socialaccount_socialtoken",
            "usersessions_usersession",
        },
        used={"joined": 1, "made": [1, 1, 1, 1, 1, 1], "left": [0, 0, 0, 0, 0, 0]},
    ),
    "clubs": Case(
        apps=("clubs",),
        schema="sport",
        needs=("auth",),
        tables={
            "clubs_club",
            "clubs_club_rivals",
            "clubs_club_tags",
            "clubs_membership",
            "clubs_person",
            "clubs_rowingclub",
            "clubs_tag",
        },
        used={"joined": 1, "made": [2, 1, 2, 1, 3], "left": [1, 1, 1, 0, 1]},
    ),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def project(request: pytest.FixtureRequest, case: Case, open_placed: Callable[[str], Project]) -> Project:
    """The sample with all that its apps need migrated, and none of them."""
    project = open_placed(next(name for name, each in CASES.items() if each is case))
    for label in case.needs:
        project.run(f"python manage.py migrate {label}")
    return project


def use(project: Project) -> dict[str, Any]:
    """Make, read and delete rows; give what was counted."""
    counted: dict[str, Any] = json.loads(project.run("python use.py").splitlines()[-1])
    return counted


def test_makemigrations_sees_nothing_to_do(project: Project) -> None:
    assert project.run("python manage.py makemigrations --check --dry-run") == "No changes detected\n"


def test_all_that_migrations_make_lies_in_the_schema(project: Project, case: Case) -> None:
    before, tables = read_state(project), list_tables(project, case.schema)

    project.run("python manage.py migrate")

    after = read_state(project)
    assert [place for place in after if after[place] != before.get(place)] == [case.schema]
    assert list_tables(project, case.schema) - tables == case.tables
    assert use(project) == case.used
    assert read_state(project) == after
    assert "no issues" in project.run("python manage.py check --database default")


def test_migrations_run_to_zero_and_back_beside_decoys(project: Project, case: Case) -> None:
    before = read_state(project)
    project.run("python manage.py migrate")
    first = read_state(project)
    make_decoys(project, case.schema, f"{case.schema}_{project.environment['TAG']}")
    beside = {place: found for place, found in read_state(project).items() if place not in first}
    assert beside

    for label in case.apps:
        project.run(f"python manage.py migrate {label} zero")
    assert read_state(project) == before | beside
    project.run("python manage.py migrate")
    assert read_state(project) == first | beside
    assert use(project) == case.used
    assert read_state(project) == first | beside
