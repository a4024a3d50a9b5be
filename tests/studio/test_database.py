"""What is read of the live database; what is about one dialect says so."""

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from config.ownership import OWNERSHIP
from freehold.acting import acting
from studio import database
from studio.database import ForeignKey, Table, list_declared_tables, list_tables, read_database
from tests.items.factories import make_item
from tests.master.factories import make_country

pytestmark = pytest.mark.django_db


def find_table(name: str) -> Table:
    (table,) = (table for table in read_database(connection, OWNERSHIP).tables if table.name == name)
    return table


def test_database_of_the_project_holds_what_the_map_owns() -> None:
    found = read_database(connection, OWNERSHIP)
    assert list(found.owners) == list(OWNERSHIP.schema_names)
    assert all(table.owner == found.owners[table.schema] for table in found.tables)
    assert found.owners == {schema.name: schema.owner for schema in OWNERSHIP.schemas}


def test_declared_tables_are_the_models_tables_with_their_schema_and_all_of_them_exist() -> None:
    tables = list_declared_tables()
    assert {"app.items", "auth.user", "master.categories", "public.migration_history"} <= tables
    assert tables <= list_tables(connection)


@pytest.mark.sqlite
def test_table_whose_name_begins_with_no_schema_of_the_map_lies_in_public() -> None:
    with acting(None), connection.cursor() as cursor:
        cursor.execute('create table "other.items" (id integer)')
    assert find_table("other.items").schema == "public"
    assert find_table("items").schema == "app"


@pytest.mark.sqlite
def test_database_has_rows_and_columns_as_they_are() -> None:
    make_country("DE")
    table = find_table("locations")
    assert (table.rows, table.exact, table.columns, table.size) == (1, True, 12, None)


@pytest.mark.sqlite
def test_database_stops_counting_where_it_would_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "COUNTED_ROWS", 2)
    for code in ("DE", "FR", "IT"):
        make_country(code)
    table = find_table("locations")
    assert (table.rows, table.exact) == (2, False)


@pytest.mark.sqlite
def test_database_of_many_tables_counts_them_in_several_queries(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    everything = read_database(connection, OWNERSHIP)
    count = len(everything.tables)
    monkeypatch.setattr(database, "TABLES_A_QUERY", count - 1)
    with django_assert_num_queries(9):
        assert read_database(connection, OWNERSHIP) == everything


def test_database_lists_keys_that_cross_and_no_others() -> None:
    keys = read_database(connection, OWNERSHIP).foreign_keys
    assert ForeignKey("app", "items", "user_id", "auth", "user", "id", "CASCADE") in keys
    assert all(key.schema != key.to_schema for key in keys)


@pytest.mark.sqlite
def test_database_shows_views_as_views() -> None:
    with acting(None), connection.cursor() as cursor:
        cursor.execute('create view "app.recent" as select 1 as one')
    view = find_table("recent")
    assert (view.kind, view.rows, view.columns) == ("view", None, 1)


@pytest.mark.sqlite
def test_database_joins_the_columns_of_one_key_in_their_order() -> None:
    with acting(None), connection.cursor() as cursor:
        cursor.execute('create table "master.pair" (b integer, a integer, primary key (b, a))')
        cursor.execute(
            'create table "app.pairs" (y integer, x integer, foreign key (x, y) references "master.pair" (b, a))'
        )
    keys = read_database(connection, OWNERSHIP).foreign_keys
    assert ForeignKey("app", "pairs", "x, y", "master", "pair", "b, a", "NO ACTION") in keys


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_database_estimates_rows_of_tables_that_nobody_has_analyzed() -> None:
    for _ in range(3):
        make_item()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
    items = find_table("items")
    assert (items.rows, items.exact, find_table("runs").rows) == (3, False, 0)
