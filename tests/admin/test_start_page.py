"""The start page: figures and upkeep, for whoever may see what they are about, and never in the page's way."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import Mock, patch

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from auth_app.models import User
from config.admin_site import start_page, upkeep
from freehold.findings import Finding
from freehold.migrator import pending
from freehold.ownership import Move, get_ownership
from freehold.rights import look
from tests.auth_app.factories import make_session, make_staff, make_superuser, make_user
from tests.items.factories import make_item
from tests.runs.factories import make_run
from tests.tenancy.factories import make_api_key

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 1)


def open_page(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client.get("/admin/")


def list_figures(user: User) -> dict[str, tuple[str, str]]:
    return {each.title: (each.value, each.note) for each in open_page(user).context["figures"]}


def list_lines(user: User) -> list[upkeep.Line]:
    page = open_page(user)
    for line in page.context["upkeep"]:
        assert line.text in re.sub(r"&#x27;", "'", page.content.decode())
    return page.context["upkeep"]


def test_figures_are_what_the_lists_hold() -> None:
    boss = make_superuser()
    make_user(is_active=False)
    make_session(user=boss, expire_date=timezone.now() - timedelta(days=1))
    make_session()
    make_item()
    make_item(is_active=False)
    make_run()
    make_run(status="running", started_at=timezone.now())
    make_run(created_at=timezone.now() - timedelta(days=2))

    figures = list_figures(boss)

    assert int(figures["People"][0]) == User.objects.filter(is_active=True).count()
    assert figures["Signed in"] == ("1", "sessions alive")
    assert figures["Items"] == ("1", "on offer")
    assert figures["Runs"] == ("2", "in the last day, 1 queued, 1 running")


def test_figures_lead_to_lists_that_answer() -> None:
    client = Client()
    client.force_login(make_superuser())
    figures = client.get("/admin/").context["figures"]

    assert len(figures) == len(start_page.COUNTS)
    for figure in figures:
        page = client.get(figure.url)
        assert (page.status_code, "e=1" in page.request["QUERY_STRING"]) == (200, False), figure


def test_figure_beyond_what_is_counted_says_so() -> None:
    for _ in range(3):
        make_item()

    with patch.object(start_page, "MOST", 2):
        assert list_figures(make_superuser())["Items"] == ("2+", "on offer")


@pytest.mark.parametrize(
    ("group", "titles", "lines"),
    [
        ("auth managers", ["People", "Signed in"], 0),
        ("master editors", ["Categories", "Places"], 0),
        ("auditors", ["People", "Signed in", "Categories", "Places", "Items", "Runs"], 3),
    ],
)
def test_page_shows_what_the_person_may_see(group: str, titles: list[str], lines: int) -> None:
    page = open_page(make_staff(group))

    assert [figure.title for figure in page.context["figures"]] == titles
    assert len(page.context["upkeep"]) == lines


def test_page_of_an_app_operator_tells_of_keys_and_nothing_of_migrations_and_drift() -> None:
    page = open_page(make_staff("app operators"))

    assert {"Items", "Runs"} <= {figure.title for figure in page.context["figures"]}
    assert [line.text for line in page.context["upkeep"]] == ["No API key ends within 30 days."]


@pytest.mark.parametrize("count", start_page.COUNTS, ids=lambda count: count.title)
def test_figure_that_fails_is_a_dash_and_the_others_stay(count: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> tuple[str, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        raise AssertionError

    failing = tuple(replace(each, find=fail) if each is count else each for each in start_page.COUNTS)
    monkeypatch.setattr(start_page, "COUNTS", failing)

    figures = list_figures(make_superuser())

    assert [value for value, _ in figures.values()].count("—") == 1
    assert figures[count.title] == ("—", "can't be told at the moment")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("list_pending", "which migrations are pending"),
        ("list_views", "which views of moved tables end"),
        pytest.param("find_drift_over", "whether the database is what is declared", marks=pytest.mark.postgresql),
        ("ApiKey", "which API keys end soon"),
    ],
)
@pytest.mark.parametrize("error", [DatabaseError("secret"), RuntimeError("secret"), OSError("secret")])
def test_line_that_fails_says_so_and_the_page_stays(
    name: str, what: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, name, Mock(side_effect=error))
    monkeypatch.setattr(upkeep, "may_view", lambda request, model: True)
    if name == "ApiKey":
        upkeep.ApiKey.objects.usable.side_effect = error

    page = open_page(make_superuser())

    assert page.status_code == 200
    assert "secret" not in page.content.decode()
    says = f"At the moment nobody can tell {what}; the server's log says why."
    assert says in [line.text for line in page.context["upkeep"] if line.state == "unknown"]


def test_line_of_migrations_names_what_is_pending(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list_lines(make_superuser())[0] == upkeep.Line("ok", "Every migration is applied.")

    waiting = [("app", f"{number:04}_x") for number in range(1, 8)]
    monkeypatch.setattr(upkeep, "list_pending", lambda connection: waiting)
    line = list_lines(make_superuser())[0]

    assert (line.state, line.text, line.command) == ("due", "7 migrations are pending.", "migrate")
    named = [detail.text for detail in line.details]
    assert named == ["app.0001_x", "app.0002_x", "app.0003_x", "app.0004_x", "app.0005_x", "and 2 more"]


def test_pending_is_what_a_file_says_and_the_database_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = pending.MigrationRecorder(connection)
    recorded = recorder.applied_migrations()
    assert pending.list_pending(connection) == []
    assert set(pending.list_written()) <= set(recorded)

    without = {key: row for key, row in recorded.items() if key[0] != "runs"}
    monkeypatch.setattr(pending.MigrationRecorder, "applied_migrations", lambda self: without)

    assert pending.list_pending(connection) == sorted(key for key in recorded if key[0] == "runs")


@pytest.mark.sqlite
def test_line_of_drift_on_sqlite_says_that_there_is_none_to_look_for() -> None:
    line = list_lines(make_superuser())[1]

    assert line == upkeep.Line("unknown", "SQLite knows neither roles nor schemas: there is no drift to look for.")


@pytest.mark.postgresql
def test_line_of_drift_is_what_the_command_finds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # as in a request: inside of a transaction that has begun
    found = look.find_drift_over(connection, get_ownership())

    line = list_lines(make_superuser())[1]

    assert found == []
    assert line == upkeep.Line("ok", "The database is what is declared.")


@pytest.mark.postgresql
def test_line_of_drift_names_the_first_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding("D013", "table app.items", "web_rw holds SELECT; declared: nothing", "REVOKE", "error")
    monkeypatch.setattr(upkeep, "find_drift_over", lambda *arguments: [finding] * 6)

    line = list_lines(make_superuser())[1]

    assert (line.state, line.command) == ("due", "ownership check")
    assert line.text == "The database differs from what is declared in 6 ways."
    assert line.details[0].text == "D013 table app.items: web_rw holds SELECT; declared: nothing"
    assert line.details[-1].text == "and 1 more"


def test_line_of_keys_names_those_that_end_soon_and_leads_to_them() -> None:
    now = timezone.now()
    soon = make_api_key(expires_at=now + timedelta(days=3))
    make_api_key(expires_at=now + timedelta(days=31))
    make_api_key(created_at=now - timedelta(days=9), expires_at=now + timedelta(days=2), revoked_at=now)
    make_api_key(created_at=now - timedelta(days=9), expires_at=now - timedelta(days=1))
    make_api_key()

    line = list_lines(make_superuser())[-1]

    assert (line.state, line.text) == ("due", "1 API key ends within 30 days.")
    (detail,) = line.details
    assert detail.text == f"{soon} ends {soon.expires_at:%Y-%m-%d}"
    assert detail.url == f"/admin/tenancy/apikey/{soon.pk}/change/"


def test_line_of_many_keys_counts_those_beyond_the_first_few() -> None:
    for _ in range(7):
        make_api_key(expires_at=timezone.now() + timedelta(days=3))

    line = list_lines(make_superuser())[-1]

    assert (line.text, len(line.details)) == ("7 API keys end within 30 days.", 6)
    assert line.details[-1].text == "and 2 more"


@pytest.fixture
def move_tables(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Gives the map moves with views until these days."""

    def move(*days: date) -> None:
        moves = tuple(Move(f"app.old{number}", f"app.new{number}", until=day) for number, day in enumerate(days))
        moved = replace(get_ownership(), moves=moves)
        monkeypatch.setattr(upkeep, "get_ownership", lambda: moved)
        monkeypatch.setattr(upkeep, "get_today", lambda: TODAY)

    return move


@pytest.mark.parametrize(
    ("day", "state"), [(date(2026, 3, 31), "due"), (date(2026, 4, 1), "ok"), (date(2026, 2, 1), "due")]
)
def test_line_of_views_is_due_when_one_ends_soon(
    day: date, state: str, move_tables: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "find_drift_over", lambda *arguments: [])
    move_tables(day)

    line = list_lines(make_superuser())[2]

    assert (line.state, line.text) == (state, "1 table that moved has a view under the old name.")
    assert [detail.text for detail in line.details] == [f"app.old0 stands for app.new0 until {day:%Y-%m-%d}"]


def test_staff_without_any_right_are_told_so(client: Client) -> None:
    client.force_login(make_user(is_staff=True, email="ada@example.org"))

    page = client.get("/admin/")

    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.content.decode()))
    assert page.status_code == 200
    assert (
        "You are signed in as ada@example.org, who may use the admin site and has no right to anything in it yet."
        in words
    )
    assert page.context["figures"] == page.context["upkeep"] == []
