"""Apps that someone else wrote, put into schemas by the map: up, to zero and up again; Django sees no difference."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.freehold.adoption.conftest import Project
from tests.freehold.adoption.states import list_engine_tables

PLACED = {
    "auth.auth_group",
    "auth.auth_group_permissions",
    "auth.auth_permission",
    "auth.auth_user",
    "auth.auth_user_groups",
    "auth.auth_user_user_permissions",
    "auth.django_content_type",
    "master.django_site",
    "pages.django_flatpage",
    "pages.django_flatpage_sites",
    "pages.django_redirect",
    "web.django_session",
}


@pytest.fixture
def project(open_placed: Callable[[str], Project]) -> Project:
    """The sample, bootstrapped."""
    return open_placed("placed")


def test_makemigrations_sees_nothing_to_do(project: Project) -> None:
    assert project.run("python manage.py makemigrations --check --dry-run") == "No changes detected\n"


def test_migrations_run_up_to_zero_and_up_again_in_their_schemas(project: Project) -> None:
    printed = project.run("python there_and_back.py")

    first, zero, again = json.loads(printed.splitlines()[-1])

    engine = {f"public.{name}" for name in list_engine_tables()} | {"django_migrations"}
    assert set(first) - engine == PLACED
    assert set(zero) <= engine
    assert again == first


@pytest.mark.postgresql
def test_placed_tables_and_sequences_belong_to_the_owners_of_their_schemas(project: Project) -> None:
    project.run("python manage.py migrate")

    owners = project.fetch(
        """
        SELECT DISTINCT n.nspname, c.relowner = n.nspowner
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'S') AND n.nspname IN ('auth', 'web', 'master', 'pages') ORDER BY n.nspname
        """
    )

    assert owners == [("auth", True), ("master", True), ("pages", True), ("web", True)]
    assert "no issues" in project.run("python manage.py check --database default")
