"""Another login for a while: who the server says we are before, inside and after."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoDbBlocker

from freehold.acting.logins import using_login
from tests.freehold.backends.conftest import open_alias


@pytest.fixture
def entry(db: None) -> dict[str, Any]:
    """The settings of the test database."""
    return deepcopy(connections["default"].settings_dict)


@pytest.fixture
def connection(entry: dict[str, Any], django_db_blocker: DjangoDbBlocker) -> Iterator[BaseDatabaseWrapper]:
    """A connection to the test database, in no transaction."""
    with django_db_blocker.unblock(), open_alias("logins", entry) as opened:
        yield opened


def ask_who(connection: BaseDatabaseWrapper) -> str:
    """Ask the server whom it takes us for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        return str(cursor.fetchone()[0])


@pytest.mark.postgresql
def test_login_inside_block_is_the_other_and_afterwards_the_first(connection: BaseDatabaseWrapper) -> None:
    before = ask_who(connection)
    with using_login(connection, "web_rw"):
        inside = ask_who(connection)

    assert (before, inside, ask_who(connection)) == ("all_rw", "web_rw", "all_rw")


@pytest.mark.postgresql
def test_login_blocks_stand_in_one_another(connection: BaseDatabaseWrapper) -> None:
    seen = []
    with using_login(connection, "web_rw"):
        with using_login(connection, "api_rw"):
            seen.append(ask_who(connection))
        seen.append(ask_who(connection))
    seen.append(ask_who(connection))

    assert seen == ["api_rw", "web_rw", "all_rw"]


@pytest.mark.postgresql
def test_login_after_an_error_in_the_block_is_the_first(connection: BaseDatabaseWrapper) -> None:
    with pytest.raises(ZeroDivisionError), using_login(connection, "web_rw"):
        raise ZeroDivisionError

    assert ask_who(connection) == "all_rw"


@pytest.mark.postgresql
def test_login_refused_leaves_the_first(connection: BaseDatabaseWrapper) -> None:
    with pytest.raises(OperationalError), using_login(connection, "nobody_of_this_name"):
        ask_who(connection)

    assert ask_who(connection) == "all_rw"


@pytest.mark.postgresql
def test_login_already_used_keeps_the_connection(connection: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    opened = connection.connection

    with using_login(connection, "all_rw"):
        assert connection.connection is opened


@pytest.mark.postgresql
def test_login_in_a_transaction_is_refused_and_transaction_goes_on(connection: BaseDatabaseWrapper) -> None:
    with transaction.atomic(using="logins"):
        with pytest.raises(TransactionManagementError) as caught, using_login(connection, "web_rw"):
            pass
        who = ask_who(connection)

    assert str(caught.value) == (
        "the connection 'logins' is inside a transaction and can't become web_rw: "
        "enter the block before the transaction begins"
    )
    assert who == "all_rw"


@pytest.mark.postgresql
def test_login_of_another_thread_stays(connection: BaseDatabaseWrapper) -> None:
    found: list[str] = []

    def ask_in_thread() -> None:
        found.append(ask_who(connections["logins"]))
        connections["logins"].close()

    with using_login(connection, "web_rw"):
        thread = threading.Thread(target=ask_in_thread)
        thread.start()
        thread.join()

    assert found == ["all_rw"]


@pytest.mark.postgresql
def test_settings_changed_inside_block_stay_except_the_login(connection: BaseDatabaseWrapper) -> None:
    name = connection.settings_dict["NAME"]
    with using_login(connection, "web_rw"):
        connection.settings_dict["NAME"] = "another"

    assert (connection.settings_dict["NAME"], connection.settings_dict["USER"]) == ("another", "all_rw")
    assert name != "another"


@pytest.mark.postgresql
def test_url_that_names_its_user_is_left_as_it_is(entry: dict[str, Any], django_db_blocker: DjangoDbBlocker) -> None:
    entry |= {"USER": "api_rw", "SWITCH_LOGIN": False}
    with (
        django_db_blocker.unblock(),
        open_alias("named", entry) as connection,
        using_login(connection, "web_rw"),
    ):
        assert ask_who(connection) == "api_rw"


@pytest.mark.sqlite
def test_sqlite_has_no_logins_and_stays_open(connection: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    opened = connection.connection

    with using_login(connection, "web_rw"):
        assert connection.connection is opened
