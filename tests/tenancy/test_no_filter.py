"""Every list of the API with its filter taken away: `SELECT *` from each table that the service reads, as its login and
for each kind of principal, gives no row of anybody else's; nor does the ORM, on both dialects.

A table with policies that stands in no row of EXPECTED fails, and so does one that the login reads without any.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection, models

from auth_app.proofs import get_proof as get_session_proof
from auth_app.sessions import SessionStore
from freehold.acting import ANONYMOUS, Principal
from freehold.ownership import get_ownership
from freehold.rls import list_policies
from freehold.rls.policy_sql import iter_protected
from freehold.services import acting_as
from runs.models import RunCount
from tenancy.services.api_key import get_proof, issue_api_key
from tenancy.services.service_token import keep_token
from tests.auth_app.factories import make_user
from tests.items.factories import make_favorite, make_item, make_item_image
from tests.master.factories import make_category
from tests.profile.factories import make_profile
from tests.runs.factories import make_run
from tests.tenancy.factories import (
    make_api_key,
    make_idempotency_key,
    make_invitation,
    make_membership,
    make_project,
    make_service_token,
    make_tenant,
)

TOKEN = "fhs_0123456789abcdefghijklmnopqrstuvwxyz"
PEOPLES = {"app.favorites", "app.item_images", "app.items", "app.profiles"}
OWN = PEOPLES | {"app.idempotency_keys"}
TENANTS = {"app.memberships", "app.tenants"}
PROJECTS = {"app.projects", "app.run_counts", "app.runs"}
BOTH = {"acme", "other project"}  # of the tenant
# Whose rows of which tables each sees.
EXPECTED: dict[str, dict[str, set[str]]] = {
    "ann": {
        **{table: {"ann"} for table in OWN},
        **{table: {"acme"} for table in TENANTS | {"app.invitations"}},
        **dict.fromkeys(PROJECTS | {"app.api_keys"}, BOTH),
    },
    "cas": {
        **{table: {"cas"} for table in OWN},
        **{table: {"acme"} for table in TENANTS},
        **dict.fromkeys(PROJECTS, BOTH),
    },
    "key": {table: {"acme"} for table in PROJECTS | {"app.tenants", "app.idempotency_keys"}},
    "token": {},
    "stranger": {},
    "nobody": {},
}
TABLES = {table for seen in EXPECTED.values() for table in seen} | {"app.service_tokens"}
# What is everybody's, or crosses a border by contract: tests of those say which columns.
WITHOUT_POLICIES = {"auth.user", "master.categories", "master.locations"}


class World:
    """Acme with its owner ann, a viewer cas and two projects, and eve's firm beside it: every table has rows of each.
    `owners` says whose a row is by its table and key. Nothing is on offer, so that nothing is everybody's."""

    def __init__(self) -> None:
        self.owners: dict[tuple[str, Any], str] = {}
        self.people = {name: make_user(email=f"{name}@example.org") for name in ("ann", "cas", "eve", "stranger")}
        category = make_category()
        for name in ("ann", "cas", "eve"):
            self.note(name, *self.make_own(name, category))
        self.tenant, self.project = self.make_tenant("acme", "ann")
        self.make_tenant("eve", "eve")
        self.note("acme", make_membership(tenant=self.tenant, user=self.people["cas"], role="viewer"))
        self.make_project(self.tenant, "other project")
        self.key = issue_api_key(project=self.project, name="of a test")
        self.note("acme", self.key.api_key)
        keep_token(tenant=self.tenant, name="of a test", text=TOKEN)
        for count in RunCount.objects.all():
            self.owners["app.run_counts", count.pk] = self.owners["app.projects", count.project_id]

    def make_own(self, name: str, category: Any) -> list[models.Model]:
        user = self.people[name]
        item = make_item(user=user, category=category, is_active=False)
        own = make_favorite(user=user, item=item), make_idempotency_key(user=user), make_profile(user=user)
        return [item, make_item_image(item=item), *own]

    def make_tenant(self, name: str, owner: str) -> tuple[Any, Any]:
        tenant = make_tenant(name=name)
        membership = make_membership(tenant=tenant, user=self.people[owner], role="owner")
        self.note(name, tenant, membership, make_invitation(inviter=membership), make_service_token(tenant=tenant))
        return tenant, self.make_project(tenant, name)

    def make_project(self, tenant: Any, name: str) -> Any:
        project = make_project(tenant=tenant)
        self.note(name, project, make_run(project=project), make_api_key(project=project))
        self.note(name, make_idempotency_key(project=project))
        return project

    def note(self, name: str, *rows: models.Model) -> None:
        self.owners.update({(row._meta.db_table, row.pk): name for row in rows})

    def tell(self, table: str, keys: Any) -> set[str]:
        """Give whose the rows are."""
        return {self.owners.get((table, key), f"nobody's {key}") for key in keys}


def list_models() -> dict[str, type[models.Model]]:
    """Give each model that has a policy, by its table."""
    return {model._meta.db_table: model for model, _ in iter_protected()}


def drop_empty(seen: dict[str, set[str]]) -> dict[str, set[str]]:
    return {table: names for table, names in seen.items() if names}


def test_every_table_with_policies_is_tried() -> None:
    found = {f"{each.schema}.{each.table}" for each in list_policies(get_ownership())}

    assert found == TABLES == set(list_models())


@pytest.mark.django_db
def test_world_has_rows_of_everybody() -> None:
    world = World()

    assert {table for table, _ in (key for key, name in world.owners.items() if name == "eve")} == TABLES


@pytest.mark.postgresql
@pytest.mark.django_db
def test_login_reads_nothing_else_without_policies() -> None:
    query = """
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relrowsecurity
            AND n.nspname !~ '^(pg_|information_schema)'
            AND (has_table_privilege('api_rw', c.oid, 'SELECT') OR has_any_column_privilege('api_rw', c.oid, 'SELECT'))
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert {table for (table,) in cursor.fetchall()} == WITHOUT_POLICIES


def make_session(user: Any) -> str:
    """Give the proof of a session of the user's."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store.save()
    return f"session:{get_session_proof(store.session_key or '')}"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_statement_without_a_filter_gives_no_row_of_anybody_elses(
    connect_as: Callable[[str], psycopg.Connection],
) -> None:
    world = World()
    proofs = {name: make_session(world.people[name]) for name in ("ann", "cas", "stranger")}
    proofs |= {"key": f"api_key:{get_proof(world.key.text)}", "token": f"service:{get_proof(TOKEN)}", "nobody": ""}
    api = connect_as("api_rw")

    seen = {}
    for name, proof in proofs.items():
        with api.transaction(force_rollback=True):
            api.execute("SELECT set_config('freehold.proof', %s, true)", [proof])
            seen[name] = drop_empty({table: select_all(api, world, table) for table in sorted(TABLES)})

    assert seen == EXPECTED


def select_all(api: psycopg.Connection, world: World, table: str) -> set[str]:
    """Give whose rows `SELECT *` gives."""
    cursor = api.execute(f"SELECT * FROM {table}")  # type: ignore[call-overload]
    names = [each.name for each in cursor.description or ()]
    keys = [each.column for each in list_models()[table]._meta.pk_fields]
    rows = [tuple(row[names.index(key)] for key in keys) for row in cursor]
    return world.tell(table, [row if len(row) > 1 else row[0] for row in rows])


@pytest.mark.django_db
def test_query_without_a_filter_gives_no_row_of_anybody_elses() -> None:
    world = World()
    people = {name: Principal("user", str(world.people[name].pk)) for name in ("ann", "cas", "stranger")}
    tenant, project = str(world.tenant.pk), str(world.project.pk)
    others = {
        "key": Principal("api_key", tenant_id=tenant, part_id=project),
        "token": Principal("service", tenant_id=tenant),
        "nobody": ANONYMOUS,
    }
    if connection.vendor == "postgresql":  # where the database finds who it is: by the statements above
        others.pop("key")

    seen = {}
    for name, principal in {**people, **others}.items():
        with acting_as("api", principal):
            found = {table: {row.pk for row in model._default_manager.all()} for table, model in list_models().items()}
        seen[name] = drop_empty({table: world.tell(table, keys) for table, keys in found.items()})

    assert seen == {name: EXPECTED[name] for name in seen}
