import re
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from auth_app.models import User
from config import views
from config.ownership import OWNERSHIP
from freehold.errors import EmbeddedError
from freehold.findings import Finding
from studio.database import read_database
from tests.auth_app.factories import make_superuser, make_user

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
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_home_of_a_database_without_tables_says_which_commands_to_run(staff: Client) -> None:
    with patch("config.views.list_declared_tables", return_value={"app.gone"}):
        response = staff.get("/")
    text = response.content.decode()
    assert response.status_code == 503
    assert "python manage.py migrate\npython manage.py seed up" in text


@pytest.mark.parametrize("error", [OperationalError("connection refused"), EmbeddedError("it does not start")])
def test_home_without_a_database_is_a_page_that_says_so(staff: Client, error: Exception) -> None:
    with patch("studio.views.read_database", side_effect=error):
        response = staff.get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    text = response.content.decode()
    assert "The database does not answer" in text
    assert str(error) not in text


def list_secrets() -> set[str]:
    """What the page of the database tells and nobody else should learn from a page."""
    logins = {service.login for service in OWNERSHIP.services}
    owners = {schema.owner for schema in OWNERSHIP.schemas}
    version = read_database(connection, OWNERSHIP).version
    return {*logins, *owners, version, "django_migrations", "PostgreSQL", "SQLite", "catalogue"}


def test_home_for_a_stranger_says_what_the_site_is_for_and_nothing_of_the_database(client: Client) -> None:
    html = client.get("/").content.decode()
    text = read_text(client)
    assert "Good things find new owners" in text
    assert '<a class="button" href="/items/">Browse items</a>' in html
    assert '<a class="button quiet" href="/login/">Sign in</a>' in html
    assert "Admin" not in text
    assert [secret for secret in sorted(list_secrets()) if secret in html] == []


def test_home_for_a_user_says_the_same_and_offers_to_sign_out(client: Client) -> None:
    client.force_login(make_user(display_name="Ada"))
    html = client.get("/").content.decode()
    text = read_text(client)
    assert "Good things find new owners" in text
    assert "Ada Sign out" in text
    assert "Admin" not in text
    assert [secret for secret in sorted(list_secrets()) if secret in html] == []


def test_home_with_debug_tells_a_stranger_no_more(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    html = client.get("/").content.decode()
    assert [secret for secret in sorted(list_secrets()) if secret in html] == []


def test_home_for_a_former_member_of_the_staff_is_a_strangers(client: Client) -> None:
    user = make_user(is_staff=True)
    client.force_login(user)
    assert "One database" in read_text(client)
    User.objects.filter(pk=user.pk).update(is_staff=False)
    assert "Good things find new owners" in read_text(client)


def test_home_where_the_setting_opens_it_shows_the_database_to_everyone(client: Client, settings: Settings) -> None:
    settings.DATABASE_PAGE = "everyone"
    assert "One database, and every table has an owner" in read_text(client)


def test_home_for_a_stranger_takes_one_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        client.get("/")


def test_home_for_a_stranger_of_a_database_without_tables_says_which_commands_to_run(client: Client) -> None:
    with patch("config.views.list_tables", return_value={"public.other"}):
        response = client.get("/")
    assert response.status_code == 503
    assert "python manage.py migrate\npython manage.py seed up" in response.content.decode()


def test_home_for_a_stranger_without_a_database_is_a_page_that_says_so(client: Client) -> None:
    with patch("config.views.list_tables", side_effect=OperationalError("connection refused")):
        response = client.get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "The database does not answer" in response.content.decode()


def test_home_for_staff_leads_to_the_admin_site(client: Client) -> None:
    client.force_login(make_superuser())
    assert '<a href="/admin/">Admin</a>' in client.get("/").content.decode()


def test_home_is_never_cached(client: Client) -> None:
    assert "no-store" in client.get("/")["Cache-Control"]


def test_health_is_the_processs_alone(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok\n", "text/plain")


def test_readiness_with_a_migrated_database_is_ok(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get("/readyz")
    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok\n", "text/plain")


def test_readiness_without_a_database_says_so_in_two_words(client: Client) -> None:
    with patch.object(views, "list_pending", side_effect=OperationalError("connection refused, password=x")):
        response = client.get("/readyz")
    assert (response.status_code, response.content, response["Retry-After"]) == (503, b"database away\n", "5")


def test_readiness_names_pending_migrations_in_the_log_alone(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with patch.object(views, "list_pending", return_value=["items.0009_search"]):
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"migrations pending\n")
    assert "items.0009_search" in caplog.text


@pytest.mark.postgresql
def test_readiness_names_drift_in_the_log_once_and_stays_ready(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    found = [Finding("D013", "app.items", "TRUNCATE of api_rw; declared: nothing")]
    answers = []
    with patch.object(views, "find_drift_over", return_value=found):
        for _ in range(2):
            views._look_for_drift.cache_clear()
            answers.append(client.get("/readyz"))

    assert [(each.status_code, each.content) for each in answers] == [(200, b"ok\n")] * 2
    assert [each for each in caplog.messages if "rift" in each] == [
        "Drift from what is declared: 1: D013 app.items. See `manage.py ownership check`"
    ]


@pytest.mark.postgresql
def test_readiness_looks_for_drift_once_a_minute(client: Client) -> None:
    views._look_for_drift.cache_clear()
    with patch.object(views, "find_drift_over", return_value=[]) as look, patch.object(views.time, "monotonic") as now:
        for now.return_value in (600.0, 610.0, 659.0, 660.0):
            client.get("/readyz")

    assert look.call_count == 2


def test_readiness_that_can_not_look_for_drift_is_ok_and_says_so(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    views._look_for_drift.cache_clear()
    with patch.object(views, "find_drift_over", side_effect=OperationalError("canceling statement")):
        response = client.get("/readyz")

    assert response.status_code == 200
    assert ("can't look for drift" in caplog.text) == (connection.vendor == "postgresql")
