"""A refused service is told the same on both dialects: service, table, column, owner, contract, way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q

from auth_app.models import Session, User
from freehold.acting import Principal
from freehold.backends.errors import AccessError
from freehold.errors import PolicyError, ServiceError
from freehold.services import acting_as
from items.models import Favorite, Item
from master.models import Category
from tests.auth_app.factories import make_user
from tests.items.factories import make_favorite, make_item

pytestmark = pytest.mark.django_db

AUTH, MASTER, APP = "auth_owner (service web)", "master_owner (service admin)", "app_owner (service api)"
SHARES = "which shares only display_name, email, id, is_active, or call a function of its owner"
NO_CONTRACT = "share its columns with {} in a contract, or call a function of its owner"
WITHHELD = (
    "the map withholds INSERT, UPDATE, session_key of auth.session from every service; call a function of "
    "auth_owner (service web)"
)
NO_WRITE = "call a function of its owner: contracts share columns to read, never to write"


def of_user(column: str) -> str:
    return (
        f"service api can't read column {column} of auth.user, which belongs to {AUTH}; add the column to the contract "
        f"of auth with api, {SHARES}"
    )


def refuse(run: Callable[[], Any]) -> AccessError:
    """Run what is refused inside a transaction, which can go on afterwards; give the error."""
    with pytest.raises(AccessError) as caught, transaction.atomic():
        run()
    return caught.value


def run_sql(statement: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, *params)
        return cursor.fetchall()


# service → what is done past the router, what is said
CASES: dict[str, tuple[str, Callable[[], Any], str]] = {
    "join": ("api", lambda: list(Item.objects.select_related("user")), of_user("created_at")),
    "whole row": ("api", lambda: list(User.objects.all()), of_user("created_at")),
    "withheld column": (
        "web",
        lambda: list(Session.objects.values_list("session_key")),
        f"service web can't read auth.session: {WITHHELD}",
    ),
    "withheld verb": (
        "admin",
        lambda: Session.objects.filter(user_agent="x").update(user_agent="y"),
        f"service admin can't update auth.session: {WITHHELD}",
    ),
    "filter": ("api", lambda: User.objects.filter(password="x").exists(), of_user("password")),
    "joined filter": ("api", lambda: list(Item.objects.filter(user__is_staff=True).values("id")), of_user("is_staff")),
    "order": ("api", lambda: list(User.objects.order_by("last_login").values("id")), of_user("last_login")),
    "second alias": (
        "api",
        lambda: Favorite.objects.filter(Q(item__user__password="x"), user__email="y").count(),
        of_user("password"),
    ),
    "sub-query": (
        "api",
        lambda: list(Item.objects.filter(user__in=User.objects.filter(created_at=None)).values("id")),
        of_user("created_at"),
    ),
    "no contract": (
        "api",
        lambda: list(Session.objects.using("default").values("user_id")),
        f"service api can't read column user_id of auth.session, which belongs to {AUTH}; {NO_CONTRACT.format('api')}",
    ),
    "no column": (
        "web",
        lambda: Category.objects.using("default").count(),
        f"service web can't read master.categories, which belongs to {MASTER}; {NO_CONTRACT.format('web')}",
    ),
    "no contract with one that has others": (
        "api",
        lambda: run_sql(f"SELECT session_key FROM {connection.ops.quote_name('auth.session')}"),
        f"service api can't read column session_key of auth.session, which belongs to {AUTH}; "
        f"{NO_CONTRACT.format('api')}",
    ),
    "update": (
        "api",
        lambda: User.objects.using("default").update(display_name="x"),
        f"service api can't update auth.user, which belongs to {AUTH}; {NO_WRITE}",
    ),
    "update of what is read": (
        "api",
        lambda: Category.objects.using("default").update(name="x"),
        f"service api can't update master.categories, which belongs to {MASTER}; {NO_WRITE}",
    ),
    "insert": (
        "api",
        lambda: Category(name="x", slug="x").save(using="default", force_insert=True),
        f"service api can't insert into master.categories, which belongs to {MASTER}; {NO_WRITE}",
    ),
    "delete": (
        "web",
        lambda: Item.objects.all()._raw_delete("default"),
        f"service web can't delete from app.items, which belongs to {APP}; {NO_WRITE}",
    ),
    "executemany": (
        "api",
        lambda: connection.cursor().executemany(
            f"UPDATE {connection.ops.quote_name('auth.user')} SET email = %s", [["a"], ["b"]]
        ),
        f"service api can't update auth.user, which belongs to {AUTH}; {NO_WRITE}",
    ),
    "create": (
        "api",
        lambda: run_sql(f"CREATE TABLE {connection.ops.quote_name('app.x')} (id int)"),
        "service api can't create table app.x: a service changes rows and no structure; write a migration, which runs "
        "as the schema's owner",
    ),
    "drop": (
        "web",
        lambda: run_sql(f"DROP TABLE {connection.ops.quote_name('auth.session')}"),
        "service web can't drop table auth.session: a service changes rows and no structure; write a migration, which "
        "runs as the schema's owner",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refusal_says_the_same_on_both_dialects(case: str) -> None:
    service, run, words = CASES[case]

    with acting_as(service):
        error = refuse(run)

    assert str(error) == words
    assert isinstance(error, ServiceError)
    assert isinstance(error, ProgrammingError)


def test_row_outside_the_policies_is_told_the_same_on_both_dialects() -> None:
    mine, other = make_user(), make_user()
    category = make_item(user=mine).category
    with acting_as("api", Principal("user", str(mine.pk))):
        with pytest.raises(PolicyError) as caught, transaction.atomic():
            Item.objects.create(user_id=other.pk, category_id=category.pk, name="x", price=1)
        with pytest.raises(PolicyError) as updated, transaction.atomic():
            Item.objects.filter(user_id=mine.pk).update(user_id=other.pk)

    text = "service 'api' may not {} this row of app.items: it lies outside the policies 'own'; see docs/policies.md"
    assert str(caught.value) == text.format("insert")
    assert str(updated.value) == text.format("update")
    assert isinstance(caught.value, ProgrammingError)


def test_refusal_names_table_and_column_as_values() -> None:
    with acting_as("api"):
        error = refuse(lambda: User.objects.filter(password="secret").exists())

    assert (error.table, error.column) == ("auth.user", "password")
    assert "secret" not in str(error)


def test_what_a_service_may_goes_on_after_a_refusal() -> None:
    favorite = make_favorite()
    with acting_as("api", Principal("user", str(favorite.user_id))):
        refuse(lambda: User.objects.filter(password="x").exists())

        assert list(Favorite.objects.values_list("user__email", flat=True)) == [favorite.user.email]
