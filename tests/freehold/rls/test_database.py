"""Policies in force, asked with nothing between the test and the server: each login by itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from freehold.acting.logins import using_login
from items.models import Item
from tests.auth_app.factories import make_user
from tests.items.factories import make_favorite, make_item, make_item_image
from tests.profile.factories import make_profile
from tests.rls import as_user
from tests.runs.factories import make_run
from tests.tenancy.factories import make_api_key, make_membership

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]

Connect = Callable[[str], psycopg.Connection[Any]]
Seal = Callable[[Any], str]
TABLES = ("items", "item_images", "favorites", "profiles", "tenants", "memberships", "projects", "api_keys", "runs")


@pytest.fixture
def seal(connect_as: Connect) -> Seal:
    """Give a function that gives a user's ticket for service api."""
    root = connect_as("postgres")

    def make(user_id: Any) -> str:
        row = root.execute("SELECT auth.seal_ticket('user', %s, '', 'api_rw', 10)", [str(user_id)]).fetchone()
        return str(row[0]) if row else ""

    return make


def ask(client: psycopg.Connection[Any], statement: str, **settings: str) -> list[Any]:
    """Run a statement in a transaction with these settings, `proof` for `freehold.proof`."""
    with client.transaction():
        for name, value in settings.items():
            client.execute("SELECT set_config(%s, %s, true)", (f"freehold.{name}", value))
        found = client.execute(statement)  # type: ignore[call-overload]
        return found.fetchall() if found.description else []


def make_rows() -> Item:
    """One row in every protected table; the item is not on offer."""
    item = make_item(is_active=False)
    make_item_image(item=item)
    make_favorite(item=item, user=item.user)
    make_profile(user=item.user)
    project = make_run().project
    make_api_key(project=project)
    make_membership(tenant=project.tenant, user=item.user)
    return item


def test_without_a_setting_there_are_no_rows(connect_as: Connect) -> None:
    make_rows()
    client = connect_as("api_rw")

    user = str(Item.objects.values_list("user_id", flat=True).get())
    for settings in (
        {},
        {"user_id": user},
        {"proof": ""},
        {"proof": user},
        {"proof": f"session:{user}"},
        {"proof": "session:" + "0" * 64},
        {"proof": "x" * 10_000_000},
        {"proof": f"session:{uuid.uuid4()}"},
        {"tenant_id": "x"},
    ):
        for table in TABLES:
            assert ask(client, f"SELECT 1 FROM app.{table}", **settings) == [], (table, settings)


def test_two_users_on_one_connection_see_their_own(connect_as: Connect, seal: Seal) -> None:
    client = connect_as("api_rw")
    items = [make_rows(), make_rows()]

    for item in (*items, *items):
        assert ask(client, "SELECT id FROM app.items", proof=seal(item.user_id)) == [(item.pk,)]
        assert len(ask(client, "SELECT 1 FROM app.memberships", proof=seal(item.user_id))) == 1
    assert ask(client, "SELECT id FROM app.items") == []


def test_prepared_statement_follows_the_user(connect_as: Connect, seal: Seal) -> None:
    client = connect_as("api_rw")
    client.execute("PREPARE mine AS SELECT id FROM app.items")
    items = [make_rows(), make_rows()]

    for item in items * 4:  # from the sixth time on a generic plan may be kept
        assert ask(client, "EXECUTE mine", proof=seal(item.user_id)) == [(item.pk,)]


def test_back_office_sees_everything_and_web_nothing(connect_as: Connect) -> None:
    make_rows()

    for table in TABLES:
        assert len(ask(connect_as("admin_rw"), f"SELECT 1 FROM app.{table}")) == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(connect_as("web_rw"), f"SELECT 1 FROM app.{table}")


def test_owner_sees_everything(connect_as: Connect) -> None:
    make_rows()
    client = connect_as("migrator")
    client.execute("SET ROLE app_owner")

    for table in TABLES:
        assert len(ask(client, f"SELECT 1 FROM app.{table}")) == 1


def test_user_deleted_by_web_takes_their_rows_along(connect_as: Connect) -> None:
    item = make_rows()
    other = make_rows()

    connect_as("web_rw").execute('DELETE FROM auth."user" WHERE id = %s', (item.user_id,))

    assert list(Item.objects.all()) == [other]
    admin = connect_as("admin_rw")
    for table in ("item_images", "favorites", "profiles", "memberships"):
        assert len(ask(admin, f"SELECT 1 FROM app.{table}")) == 1, table


def test_who_asks_is_found_once_a_statement(connect_as: Connect) -> None:
    make_rows()

    plan = ask(connect_as("api_rw"), "EXPLAIN (VERBOSE, COSTS off) SELECT id FROM app.favorites")
    lines = [line for (line,) in plan]

    assert [line.strip() for line in lines].count("InitPlan 1") == 1
    (place,) = (line.strip() for line in lines if "user_of_session" in line)
    assert place.startswith("Output: CASE split_part(current_setting("), lines  # the InitPlan's, and no row's
    assert any("favorites.user_id = (InitPlan 1).col1" in line for line in lines), lines


def test_function_of_memberships_is_called_once_a_statement(connect_as: Connect) -> None:
    make_rows()

    for table, column in (("projects", "tenant_id"), ("runs", "project_id"), ("memberships", "tenant_id")):
        statement = f"EXPLAIN (VERBOSE, COSTS off) SELECT id FROM app.{table}"
        lines = [line for (line,) in ask(connect_as("api_rw"), statement)]

        conditions = [line for line in lines if f"{table}.{column} = ANY" in line]
        assert conditions, lines
        assert all("list_tenants_of_user" not in line and "InitPlan" in line for line in conditions), lines


def test_policies_use_the_index(connect_as: Connect, seal: Seal) -> None:
    item = make_rows()
    fill = """
        WITH people AS (
            INSERT INTO auth."user" (password, is_superuser, email)
            SELECT '', false, n || '@example.com' FROM generate_series(1, 500) AS n RETURNING id
        )
        INSERT INTO app.items (user_id, category_id, name, price, is_active)
        SELECT people.id, %s, 'x', 1, false FROM people, generate_series(1, 10)
    """
    with using_login(connection, "postgres"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # people and their items in one statement
        cursor.execute(fill, [item.category_id])
        cursor.execute("ANALYZE app.items")

    plan = ask(connect_as("api_rw"), "EXPLAIN (COSTS off) DELETE FROM app.items", proof=seal(item.user_id))

    assert any("items_user_created_at_idx" in line for (line,) in plan), plan


def test_functions_are_nobody_elses_and_have_a_pinned_path(connect_as: Connect) -> None:
    found = ask(
        connect_as("admin_rw"),
        """
        SELECT p.proname, p.prosecdef, p.proconfig, pg_catalog.pg_get_userbyid(p.proowner),
            pg_catalog.has_function_privilege('web_rw', p.oid, 'EXECUTE'),
            pg_catalog.has_function_privilege('api_rw', p.oid, 'EXECUTE')
        FROM pg_catalog.pg_proc AS p
        WHERE p.proname IN ('list_tenants_of_user', 'exists_tenant') ORDER BY p.proname
        """,
    )

    pinned = ["search_path=pg_catalog, pg_temp"]
    assert found == [
        ("exists_tenant", True, pinned, "app_owner", False, True),
        ("list_tenants_of_user", True, pinned, "app_owner", False, True),
    ]


def test_orm_asks_as_the_user_between_commits() -> None:
    items = [make_rows(), make_rows()]

    for item in items:
        with as_user(item.user):
            assert list(Item.objects.all()) == [item]
            make_favorite(user=item.user, item=make_item(user=item.user, category=item.category, is_active=False))
            assert Item.objects.count() == 2
    assert make_user().items.count() == 0
