import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from config.ownership import OWNERSHIP
from freehold.acting import acting
from freehold.catalogue import Access, ForeignKey, read_catalogue, sqlite3
from freehold.catalogue.sqlite3 import split_name
from tests.master.factories import make_country

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("app.items", ("app", "items")),
        ("django_migrations", ("public", "django_migrations")),
        ("other.items", ("public", "other.items")),
        ("app", ("public", "app")),
    ],
)
def test_name_is_split_on_a_schema_of_the_map_only(name: str, expected: tuple[str, str]) -> None:
    assert split_name(name, OWNERSHIP) == expected


def test_catalogue_has_owners_and_access_as_the_map_declares() -> None:
    catalogue = read_catalogue(connection, OWNERSHIP)
    app = catalogue.find_schema("app")
    assert (catalogue.dialect, catalogue.declared, app.owner) == ("sqlite", True, "app_owner")
    count = len(app.tables)
    assert app.access == (
        Access("web_rw", "app", tables=count),
        Access("api_rw", "app", tables=count, reads=count, writes=count, enters=True),
        Access("admin_rw", "app", tables=count, reads=count, writes=count, enters=True),
    )
    api = catalogue.find_schema("auth").access[1]
    assert (api.reads, api.enters, api.columns) == (0, True, {"user": ("id", "email", "display_name", "is_active")})


def test_catalogue_has_rows_and_columns_as_they_are() -> None:
    make_country("DE")
    (table,) = (table for table in read_catalogue(connection, OWNERSHIP).iter_tables() if table.name == "locations")
    assert (table.rows, table.exact, table.columns, table.size) == (1, True, 11, None)


def test_catalogue_stops_counting_where_it_would_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "COUNTED_ROWS", 2)
    for code in ("DE", "FR", "IT"):
        make_country(code)
    (table,) = (table for table in read_catalogue(connection, OWNERSHIP).iter_tables() if table.name == "locations")
    assert (table.rows, table.exact) == (2, False)


def test_catalogue_of_many_tables_counts_them_in_several_queries(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    everything = read_catalogue(connection, OWNERSHIP)
    count = len(list(everything.iter_tables()))
    monkeypatch.setattr(sqlite3, "COLUMNS_A_QUERY", count - 1)
    with django_assert_num_queries(5):
        assert read_catalogue(connection, OWNERSHIP) == everything


def test_catalogue_lists_keys_that_cross_and_no_others() -> None:
    keys = read_catalogue(connection, OWNERSHIP).foreign_keys
    assert ForeignKey("app", "items", ("user_id",), "auth", "user", ("id",), "CASCADE") in keys
    assert all(key.schema != key.to_schema for key in keys)


def test_catalogue_shows_views_as_views() -> None:
    with acting(None), connection.cursor() as cursor:
        cursor.execute('create view "app.recent" as select 1 as one')
    (view,) = (table for table in read_catalogue(connection, OWNERSHIP).iter_tables() if table.name == "recent")
    assert (view.kind, view.rows, view.columns) == ("view", None, 1)
