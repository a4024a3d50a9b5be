"""`createcachetable` in a schema of the map: the services' logins may make no table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from freehold.acting.logins import using_login
from freehold.acting.roles import using_role

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
OWNER = "SELECT tableowner FROM pg_catalog.pg_tables WHERE schemaname = 'auth' AND tablename = 'cache'"


@pytest.fixture
def cache_table() -> Iterator[str]:
    """A cache table, made by the command and dropped at the end."""
    call_command("createcachetable", "auth.cache", verbosity=0)
    yield "auth.cache"
    with using_login(connection, "migrator"), using_role(connection, "auth_owner"), connection.cursor() as cursor:
        cursor.execute("DROP TABLE auth.cache")


def test_cache_table_belongs_to_the_owner_of_its_schema(cache_table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OWNER)
        assert cursor.fetchall() == [("auth_owner",)]


def test_cache_table_is_written_by_the_service_that_owns_the_schema(
    cache_table: str, connect_as: Callable[[str], psycopg.Connection]
) -> None:
    connect_as("web_rw").execute("DELETE FROM auth.cache")

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for table cache"):
        connect_as("api_rw").execute("DELETE FROM auth.cache")
