"""Each refused statement is one line in the log: service, what it is about, request; on both dialects, no value."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from auth_app.models import User
from freehold.acting import Acting, acting
from freehold.acting.reporting import expecting_refusal, report_refusal
from freehold.errors import FreeholdError
from freehold.ownership import get_ownership
from freehold.services import acting_as
from freehold.services.router import OwnershipRouter
from items.models import Item
from tests.auth_app.factories import make_user
from tests.freehold.backends.test_refusals import CASES, run_sql
from tests.items.factories import make_item

pytestmark = pytest.mark.django_db

SECRET = "hush-hush"
ABOUT = {  # what the case of test_refusals is about, where it is not auth.user
    "withheld column": "table=auth.session",
    "withheld verb": "table=auth.session",
    "no contract": "table=auth.session",
    "no column": "table=master.categories",
    "no contract with one that has others": "table=auth.session",
    "update of what is read": "table=master.categories",
    "insert": "table=master.categories",
    "delete": "table=app.items",
    "create": "object=app.x",
    "drop": "object=auth.session",
}


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Give what was logged of refusals, without the login that PostgreSQL's lines end with."""
    caplog.set_level(logging.WARNING, "freehold.refusals")

    def read() -> list[str]:
        found = [each.getMessage() for each in caplog.records if each.name == "freehold.refusals"]
        return [each.partition(" login=")[0] for each in found]

    return read


def refuse(run: Callable[[], Any]) -> None:
    with pytest.raises((FreeholdError, DatabaseError)), transaction.atomic():
        run()


@pytest.mark.parametrize("case", CASES)
def test_refused_statement_is_one_line(case: str, lines: Callable[[], list[str]]) -> None:
    service, run, _ = CASES[case]
    with acting_as(service, request_id="r-1"):
        refuse(run)

    assert lines() == [f"refused: service={service} {ABOUT.get(case, 'table=auth.user')} request=r-1"]


def test_statement_that_is_allowed_is_no_line(lines: Callable[[], list[str]]) -> None:
    make_item()
    with acting_as("api"):
        assert Item.objects.values("user__email")

    assert lines() == []


def test_refusal_of_the_router_is_one_line(lines: Callable[[], list[str]]) -> None:
    with acting_as("api", request_id="r-2"):
        refuse(lambda: OwnershipRouter().db_for_write(User))

    assert lines() == ["refused: service=api table=auth.user request=r-2"]


def test_row_that_a_policy_refuses_is_one_line_without_its_values(lines: Callable[[], list[str]]) -> None:
    somebody, item = make_user(), make_item()
    with acting_as("api", request_id="r-3"):
        refuse(lambda: Item(name=SECRET, user_id=somebody.pk, category_id=item.category_id, price="1.00").save())

    assert lines() == ["refused: service=api table=app.items request=r-3"]


def test_literals_of_a_refused_statement_are_not_in_the_line(lines: Callable[[], list[str]]) -> None:
    name = connection.ops.quote_name("auth.user")
    with acting_as("api"):
        refuse(lambda: run_sql(f"UPDATE {name} SET password = '{SECRET}' WHERE email = '{SECRET}'"))
        refuse(lambda: run_sql(f"SELECT password FROM {name} WHERE email = '{SECRET}' /* {SECRET} */"))

    assert lines() == ["refused: service=api table=auth.user request=-"] * 2


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("statement", "about"),
    [
        ("SELECT pg_read_file('hush-hush')", "function=pg_read_file"),
        ("SELECT auth.hand_out_powers()", "function=auth.hand_out_powers"),
        ("SELECT seal.sign('hush-hush')", "function=seal.sign"),
        ("SET ROLE postgres", "server=-"),
        ("SELECT lo_import('hush-hush')", "function=lo_import"),
        ("ALTER ROLE postgres PASSWORD 'hush-hush'", "object=postgres"),
        ("COMMENT ON TABLE auth.user IS 'hush-hush'", "object=auth.user"),
        (
            """SELECT 1 FROM auth."a secret
table" """,
            None,
        ),
    ],
)
def test_refusal_of_postgresql_names_what_it_is_about(
    statement: str, about: str | None, lines: Callable[[], list[str]]
) -> None:
    with acting_as("api"):
        refuse(lambda: run_sql(statement))

    assert lines() == ([f"refused: service=api {about} request=-"] if about else [])


@pytest.mark.postgresql
def test_refusal_in_a_trigger_names_its_function(lines: Callable[[], list[str]]) -> None:
    user = make_user()
    with acting_as("web"):
        refuse(lambda: User.objects.filter(pk=user.pk).update(is_staff=True, display_name=SECRET))

    assert lines() == ["refused: service=web function=auth.refuse_powers request=-"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statement", "about"),
    [
        ("ATTACH 'hush-hush' AS other", "database=-"),
        ("PRAGMA writable_schema = 1", "pragma=writable_schema"),
        ("SELECT load_extension('hush-hush')", "function=load_extension"),
        ('DROP TABLE "auth.user"', "object=auth.user"),
    ],
)
def test_refusal_of_the_authorizer_names_what_it_is_about(
    statement: str, about: str, lines: Callable[[], list[str]]
) -> None:
    with acting_as("api"):
        refuse(lambda: run_sql(statement))

    assert lines() == [f"refused: service=api {about} request=-"]


def test_refusal_of_nobody_is_a_line_too(lines: Callable[[], list[str]]) -> None:
    with acting(Acting("", get_ownership().combined)):
        refuse(lambda: User.objects.using("default").count())

    assert lines() == ["refused: service=- table=auth.user request=-"]


def test_name_with_odd_characters_stays_one_word_of_one_line(lines: Callable[[], list[str]]) -> None:
    report_refusal(None, "table", "a b\nWARNING forged=1")
    report_refusal(None, "table", "x" * 1000)

    assert lines() == [
        r"refused: service=- table='a b\nWARNING forged=1' request=-",
        f"refused: service=- table={'x' * 200} request=-",
    ]


def test_refusal_that_is_expected_is_no_line(lines: Callable[[], list[str]]) -> None:
    with acting_as("api"), expecting_refusal():
        refuse(lambda: list(User.objects.all()))

    assert lines() == []


@pytest.mark.postgresql
def test_rows_of_a_cursor_on_the_server_come_as_before() -> None:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute("SELECT generate_series(1, 3)")
        assert (cursor.fetchmany(size=2), list(cursor)) == ([(1,), (2,)], [(3,)])


@pytest.mark.postgresql
@pytest.mark.parametrize("fetch", [list, lambda cursor: cursor.fetchall(), lambda cursor: cursor.fetchmany(size=5)])
def test_refusal_while_rows_come_from_the_server_is_one_line(
    fetch: Callable[[Any], Any], caplog: pytest.LogCaptureFixture
) -> None:
    refused = "SELECT CASE WHEN n = 3 THEN set_config('log_statement', 'none', true) END FROM generate_series(1, 3) n"
    with acting_as("api"), transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(refused)
        with pytest.raises(ProgrammingError):
            fetch(cursor)
        transaction.set_rollback(True)

    assert [record.name for record in caplog.records] == ["freehold.refusals"]
