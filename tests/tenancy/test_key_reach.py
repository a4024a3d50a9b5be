"""What a key to one project reaches of its tenant's others, as the login of `api`, with nothing in between."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tenancy.services.api_key import get_proof, issue_api_key
from tests.runs.factories import make_run
from tests.tenancy.factories import make_api_key, make_membership, make_project

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

INSERT = "INSERT INTO app.runs (id, project_id, external_id, kind) VALUES (gen_random_uuid(), %s, %s, 'import')"


def test_key_reaches_its_project_and_no_other_of_its_tenant(connect_as: Callable[[str], psycopg.Connection]) -> None:
    mine = make_run()
    other = make_run(project=make_project(tenant=mine.project.tenant))
    make_membership(tenant=mine.project.tenant)
    make_api_key(project=other.project)
    proof = f"api_key:{get_proof(issue_api_key(project=mine.project, name='a').text)}"
    api = connect_as("api_rw")

    with api.transaction(force_rollback=True):
        api.execute("SELECT set_config('freehold.proof', %s, true)", [proof])

        assert api.execute("SELECT id FROM app.projects").fetchall() == [(mine.project_id,)]
        assert api.execute("SELECT id FROM app.runs").fetchall() == [(mine.pk,)]
        assert api.execute("SELECT id FROM app.tenants").fetchall() == [(mine.project.tenant_id,)]
        for table in ("memberships", "api_keys"):
            assert api.execute(f"SELECT id FROM app.{table}").fetchall() == []  # type: ignore[call-overload]
        assert api.execute("UPDATE app.runs SET kind = 'x' WHERE id = %s", [other.pk]).rowcount == 0
        assert api.execute("DELETE FROM app.runs WHERE project_id = %s", [other.project_id]).rowcount == 0
        assert api.execute("UPDATE app.projects SET name = 'x'").rowcount == 0
        assert api.execute(INSERT, [mine.project_id, "new"]).rowcount == 1
        for statement, values in (
            (INSERT, [other.project_id, "other"]),
            ("UPDATE app.runs SET project_id = %s WHERE id = %s", [other.project_id, mine.pk]),
            (f"{INSERT} ON CONFLICT (project_id, external_id) DO UPDATE SET kind = 'x'", [other.project_id, "o"]),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), api.transaction():
                api.execute(statement, values)  # type: ignore[call-overload]


@pytest.mark.parametrize("false", ["api_key:", "api_key:" + "0" * 64, "session:{}", "api_key:{}0", "API_KEY:{}"])
def test_false_proof_shows_no_project(false: str, connect_as: Callable[[str], psycopg.Connection]) -> None:
    proof = get_proof(issue_api_key(project=make_project(), name="a").text)
    api = connect_as("api_rw")

    with api.transaction(force_rollback=True):
        api.execute("SELECT set_config('freehold.proof', %s, true)", [false.format(proof)])

        assert api.execute("SELECT app.project_of_api_key()").fetchone() == (None,)
