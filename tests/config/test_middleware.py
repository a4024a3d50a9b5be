from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, ProgrammingError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from psycopg import errors

from config.middleware import DatabaseFaultMiddleware
from freehold.errors import EmbeddedError, PolicyError
from tests.api import Caller
from tests.auth_app.factories import make_user


def answer(error: Exception) -> HttpResponse | None:
    return DatabaseFaultMiddleware(lambda request: HttpResponse()).process_exception(RequestFactory().get("/x"), error)


def raised_by(cause: Exception) -> ProgrammingError:
    error = ProgrammingError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("error", [OperationalError("refused"), InterfaceError("closed"), EmbeddedError("not started")])
def test_fault_of_a_database_that_is_away_is_answered_with_503(error: Exception) -> None:
    response = answer(error)
    assert response.status_code == 503
    assert b"The database does not answer" in response.content


def test_row_that_policies_keep_back_is_answered_with_403() -> None:
    assert answer(PolicyError("service api may not change this row of app.items")).status_code == 403


@pytest.mark.parametrize(
    "error", [raised_by(errors.UndefinedTable("app.items")), raised_by(errors.InvalidSchemaName("app")),
              OperationalError("no such table: app.items")]
)  # fmt: skip
def test_fault_of_a_table_that_is_missing_is_answered_with_the_commands_that_make_it(error: Exception) -> None:
    response = answer(error)
    assert response.status_code == 503
    assert b"python manage.py migrate" in response.content


@pytest.mark.parametrize(
    "error", [IntegrityError("duplicate"), DatabaseError("?"), raised_by(errors.SyntaxError("x")), ValueError("x")]
)
def test_fault_that_is_a_bug_goes_its_way(error: Exception) -> None:
    assert answer(error) is None


@pytest.mark.django_db
def test_real_fault_of_a_missing_table_is_recognised(rf: RequestFactory) -> None:
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute('select 1 from "app.nothing"')
    assert b"python manage.py migrate" in answer(caught.value).content


@pytest.mark.postgresql
@pytest.mark.django_db
def test_server_that_takes_no_writes_is_away_for_them() -> None:
    """A replica, or a primary that was taken back; `transaction_read_only` refuses as they do."""
    caller = Caller(make_user())
    with connection.cursor() as cursor:
        cursor.execute("SET transaction_read_only = on")
    refused = caller.send("POST", "tenants", {"name": "Ours", "slug": "ours"})
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute("DELETE FROM app.items")

    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert answer(caught.value).status_code == 503


def test_request_without_a_fault_passes(rf: RequestFactory) -> None:
    expected = HttpResponse("x")
    get_response: Callable[[HttpRequest], HttpResponse] = lambda request: expected  # noqa: E731
    assert DatabaseFaultMiddleware(get_response)(rf.get("/")) is expected
