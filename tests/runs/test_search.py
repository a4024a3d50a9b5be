"""What app.search_runs gives to whom: it has the owner's rights, and so holds back itself what policies hold back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from psycopg.errors import InvalidParameterValue

from runs.models import Run
from tenancy.access import MemberRole
from tests.auth_app.factories import make_user
from tests.rls import as_key, as_nobody, as_user
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership, make_project, make_tenant

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def search(*words: str) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT found FROM app.search_runs(%s::text[]) AS found", [list(words)])
        return {found for (found,) in cursor.fetchall()}


def see() -> set[UUID]:
    return set(Run.objects.values_list("pk", flat=True))


@pytest.fixture
def runs() -> dict[str, Run]:
    """Three projects' runs, two of one tenant, all of one word."""
    tenant = make_tenant()
    return {
        "mine": make_run(kind="import", project=make_project(tenant=tenant)),
        "beside": make_run(kind="import", project=make_project(tenant=tenant)),
        "theirs": make_run(kind="import"),
    }


@pytest.mark.parametrize("role", MemberRole.values)
def test_search_gives_members_the_runs_of_their_tenants(runs: dict[str, Run], role: str) -> None:
    membership = make_membership(tenant=runs["mine"].project.tenant, role=role)

    with as_user(membership.user):
        assert search("imp") == see() == {runs["mine"].pk, runs["beside"].pk}


def test_search_gives_a_key_the_runs_of_its_project(runs: dict[str, Run]) -> None:
    with as_key(runs["mine"].project):
        assert search("import") == see() == {runs["mine"].pk}


def test_search_gives_nobody_and_strangers_nothing(runs: dict[str, Run]) -> None:
    for acting in (as_nobody(), as_user(make_user()), as_key(make_project())):
        with acting:
            assert search("import") == see() == set()


@pytest.mark.parametrize("words", ["{{a,b},{c,d}}", "{{{a}}}"])
def test_list_of_lists_is_no_list_of_words(words: str, connect_as: Any) -> None:
    with pytest.raises(InvalidParameterValue, match=r"words are a list of texts, and a list of [23] dimensions came"):
        connect_as("api_rw").execute("SELECT app.search_runs(%s::text[])", [words])
