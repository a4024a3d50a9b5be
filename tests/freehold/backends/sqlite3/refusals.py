"""Runs statements on SQLite, and says what a service is told that may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from freehold.acting import acting
from freehold.backends.errors import AccessError

SERVICES = ("web", "api", "admin")
KEYS = {
    "auth.user": "id",
    "auth.session": "id",
    "auth.user_groups": "id",
    "master.categories": "id",
    "app.items": "id",
    "app.favorites": "id",
    "django_migrations": "id",
    "public.migration_history": "id",
}
WRITES = {"web": {"auth"}, "api": {"app"}, "admin": {"auth", "master", "app"}}
READS = {"web": {"auth"}, "api": {"app", "master"}, "admin": {"auth", "master", "app", "public"}}
OWNERS = {
    "auth": "auth_owner (service web)",
    "master": "master_owner (service admin)",
    "app": "app_owner (service api)",
    "public": "migrator",
}
NO_WRITE = "call a function of its owner: contracts share columns to read, never to write"
SHARED_WAY = "add the column to the contract of auth with api, which shares only display_name, email, id, is_active"
NO_STRUCTURE = "a service changes rows and no structure; write a migration, which runs as the schema's owner"
NO_ESCAPE = "which goes around its rights; do it as the owner, in a migration or inside freehold.acting.acting(None)"


def run(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, *params)
        return cursor.fetchall()


def run_as_owner(*statements: str) -> None:
    with acting(None):
        for statement in statements:
            run(statement)


def refuse(statement: str, *params: Any) -> str:
    """Run a statement that is refused; give what is said."""
    with pytest.raises(AccessError) as caught:
        run(statement, *params)
    return str(caught.value)


def get_schema(table: str) -> str:
    return table.partition(".")[0] if "." in table else "public"


def say_unreadable(service: str, table: str, column: str = "") -> str:
    what = f"column {column} of {table}" if column else table
    way = f"share its columns with {service} in a contract"
    if (service, table) == ("api", "auth.user"):
        way = SHARED_WAY
    return (
        f"service {service} can't read {what}, which belongs to {OWNERS[get_schema(table)]}; "
        f"{way}, or call a function of its owner"
    )


def say_unwritable(service: str, verb: str, table: str) -> str:
    return f"service {service} can't {verb} {table}, which belongs to {OWNERS[get_schema(table)]}; {NO_WRITE}"
