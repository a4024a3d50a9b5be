"""The page of the database, as staff see it at /."""

import html
import re
from collections.abc import Callable
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.ownership import OWNERSHIP
from tests.auth_app.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    """Someone who may see the page of the database, and has no right to anything in it."""
    client.force_login(make_user(is_staff=True))
    return client


def read_text(client: Client) -> str:
    """The page's words, without markup and line breaks."""
    response = client.get("/")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_page_shows_every_schema_with_its_owner_and_tables(staff: Client) -> None:
    text = read_text(staff)
    for schema in OWNERSHIP.schemas:
        assert f" {schema.name} {schema.comment} owner {schema.owner} " in text
    for name in ("user", "locations", "items", "django_migrations"):
        assert f" {name} " in text


def test_page_counts_rows_as_they_are(staff: Client) -> None:
    for _ in range(3):
        make_user()
    assert re.search(r" user auth_owner 4 ", read_text(staff))


def test_page_says_what_a_login_may_read_of_another_schema(staff: Client) -> None:
    text = read_text(staff)
    assert "api_rw reads 4 columns of user user: id, email, display_name, is_active" in text
    assert "web_rw may not enter" in text
    assert "admin_rw reads and writes every table" in text


def test_page_lists_keys_that_cross_a_schema(staff: Client) -> None:
    text = read_text(staff)
    assert "app.items (user_id) auth.user (id) cascade" in text
    assert "app.items (category_id) master.categories (id) no action" in text


def test_page_draws_the_schemas(staff: Client) -> None:
    html = staff.get("/").content.decode()
    assert html.count('<rect class="box"') == len(OWNERSHIP.schemas)
    assert html.count('<path class="key"') == 2


@pytest.mark.sqlite
def test_page_on_sqlite_says_that_owners_are_only_declared(staff: Client) -> None:
    assert "SQLite knows neither schemas nor roles." in read_text(staff)


@pytest.mark.postgresql
def test_page_on_postgresql_says_as_whom_it_was_read(staff: Client) -> None:
    text = read_text(staff)
    assert "SQLite" not in text
    assert "read from its catalogue at this moment as web_rw ." in text


def test_page_as_declared_reports_no_difference(staff: Client) -> None:
    text = read_text(staff)
    assert "Not as declared" not in text
    assert "Nobody can tell" not in text
    assert "missing" not in text


def test_page_takes_a_fixed_number_of_queries(staff: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(9 if connection.vendor == "postgresql" else 10):
        staff.get("/")


def test_page_names_a_table_that_a_model_declares_and_nobody_made(staff: Client) -> None:
    with patch("studio.views.list_declared_tables", return_value={"app.items", "app.gone"}):
        text = read_text(staff)
    assert "1 table missing A model declares app.gone : manage.py migrate makes what is missing." in text


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)  # a test's transaction would hold locks on what is altered
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (
            'SET ROLE auth_owner; GRANT SELECT (password) ON auth."user" TO api_rw',
            "D013 auth.user : api_rw holds SELECT (password); declared: no such right "
            'SET ROLE "auth_owner"; REVOKE SELECT ("password") ON TABLE "auth"."user" FROM "api_rw"; RESET ROLE;',
        ),
        (
            "SET ROLE app_owner; ALTER TABLE app.items NO FORCE ROW LEVEL SECURITY",
            "D020 app.items : row-level security on, not forced; declared: row-level security on, forced "
            'SET ROLE "app_owner"; ALTER TABLE "app"."items" FORCE ROW LEVEL SECURITY; RESET ROLE;',
        ),
    ],
    ids=["a column", "no force"],
)
def test_page_names_what_is_not_as_declared_until_the_statement_that_it_gives_mends_it(
    staff: Client, connect_as: Callable[[str], psycopg.Connection], damage: str, says: str
) -> None:
    migrator = connect_as("migrator")
    migrator.execute("SET lock_timeout = '5s'")
    migrator.execute(damage)
    try:
        found = read_text(staff)
    finally:
        migrator.execute("RESET ROLE; " + says[says.index("SET ROLE") :])

    assert "Not as declared: 1 thing" in found
    assert says in found
    assert "Not as declared" not in read_text(staff)


@pytest.mark.postgresql
def test_page_that_can_not_look_for_drift_says_so_and_stays(staff: Client) -> None:
    with patch("studio.views.find_drift_over", side_effect=RuntimeError("secret")):
        text = read_text(staff)
    assert "Nobody can tell at the moment where the database is not as declared" in text
    assert "secret" not in text
