"""The watch in the test database tells where each table was made, and refuses a name with the schema in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError
from pytest_django import DjangoDbBlocker

from conformance import landing
from conformance.outcomes import Landing
from tests.freehold.backends.conftest import get_server_entry, make_schemas, open_alias

pytestmark = pytest.mark.postgresql


@pytest.fixture
def watched(django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """A new database with the schema that tables are moved to, and the watch."""
    name = f"watched_{os.getpid()}"
    with django_db_blocker.unblock():
        entry = get_server_entry()
        with open_alias("around", entry | {"NAME": "postgres"}) as around, around.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
            with open_alias("watched", entry | {"NAME": name}) as connection:
                make_schemas(connection, "conformance")
                landing.watch(connection)
                yield connection
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_tables_in_schema_are_found_and_counted_also_when_gone(watched: Any) -> None:
    run(watched, 'CREATE TABLE "conformance"."item" (id int); CREATE TABLE "conformance"."other" (id int)')
    run(watched, 'DROP TABLE "conformance"."other"')

    found = landing.read(watched, {"conformance.item"})

    assert found == Landing(models=1, missing=[], elsewhere=[], made=2)


def test_table_of_model_in_another_schema_is_missing(watched: Any) -> None:
    run(watched, "CREATE TABLE public.item (id int)")

    found = landing.read(watched, {"conformance.item"})

    assert found == Landing(models=1, missing=["conformance.item"], elsewhere=["public.item"], made=0)


def test_table_with_schema_in_its_name_is_refused(watched: Any) -> None:
    with pytest.raises(DatabaseError) as caught:
        run(watched, 'CREATE TABLE public."conformance.item" (id int)')

    expected = 'table "conformance.item" of schema "public" has a schema in its name'
    assert str(caught.value).splitlines()[0] == expected


def test_table_with_another_dot_is_made(watched: Any) -> None:
    run(watched, 'CREATE TABLE "conformance"."special.item" (id int)')

    assert landing.read(watched, {"conformance.special.item"}).missing == []


def test_table_renamed_into_dotted_name_is_refused(watched: Any) -> None:
    run(watched, 'CREATE TABLE "conformance"."item" (id int)')

    with pytest.raises(DatabaseError) as caught:
        run(watched, 'ALTER TABLE "conformance"."item" RENAME TO "conformance.thing"')

    expected = 'table "conformance.thing" of schema "conformance" has a schema in its name'
    assert str(caught.value).splitlines()[0] == expected
