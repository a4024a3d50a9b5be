"""Who sees and writes which runs."""

from __future__ import annotations

import pytest

from runs.models import Run
from tests.auth_app.factories import make_user
from tests.rls import as_key, as_nobody, as_user, refused
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs() -> list[Run]:
    """A run in each of two tenants."""
    return [make_run(), make_run()]


@pytest.mark.parametrize("role", ["owner", "admin", "member", "viewer"])
def test_members_see_their_tenants_runs(role: str, runs: list[Run]) -> None:
    user = make_membership(tenant=runs[0].project.tenant, role=role).user

    with as_user(user):
        assert list(Run.objects.all()) == runs[:1]


@pytest.mark.parametrize("role", ["owner", "admin", "member"])
def test_members_write_their_tenants_runs(role: str, runs: list[Run]) -> None:
    user = make_membership(tenant=runs[0].project.tenant, role=role).user

    with as_user(user):
        make_run(project=runs[0].project)
        assert Run.objects.filter(pk=runs[0].pk).update(kind="export") == 1
        with refused("app.runs"):
            make_run(project=runs[1].project)


def test_viewers_write_no_run(runs: list[Run]) -> None:
    user = make_membership(tenant=runs[0].project.tenant, role="viewer").user

    with as_user(user), refused("app.runs"):
        make_run(project=runs[0].project)


def test_key_sees_and_writes_the_runs_of_its_project_alone(runs: list[Run]) -> None:
    beside = make_run(project=make_project(tenant=runs[0].project.tenant))
    with as_key(runs[0].project):
        assert list(Run.objects.all()) == runs[:1]
        made = make_run(project=runs[0].project)
        assert Run.objects.filter(pk=made.pk).update(kind="export") == 1
        for project in (runs[1].project, beside.project):
            with refused("app.runs"):
                make_run(project=project)
            with refused("app.runs"):
                Run.objects.filter(pk=made.pk).update(project=project)
        assert Run.objects.filter(pk=beside.pk).update(kind="export") == 0
        assert Run.objects.filter(pk=beside.pk).delete()[0] == 0


def test_others_and_nobody_see_no_run(runs: list[Run]) -> None:
    for who in (as_user(make_user()), as_nobody()):
        with who:
            assert not Run.objects.exists()
            with refused("app.runs"):
                make_run(project=runs[0].project)


def test_run_does_not_move_to_another_tenant(runs: list[Run]) -> None:
    user = make_membership(tenant=runs[0].project.tenant, role="owner").user
    project = make_project()

    with as_user(user), refused("app.runs"):
        Run.objects.filter(pk=runs[0].pk).update(project=project)
