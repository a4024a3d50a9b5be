"""What the command line makes of an error: one line, with the way out."""

from __future__ import annotations

import pytest
from django.db import OperationalError, ProgrammingError, connections

from freehold.cli import LOGIN, MIGRATE, SERVER, is_bug, one_line
from freehold.errors import FreeholdError

SOCKET = 'connection is bad: connection to server on socket "/x/.s.PGSQL.5432" failed: No such file or directory'


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ('connection failed: FATAL:  password authentication failed for user "ada"', LOGIN),
        ("connection failed: fe_sendauth: no password supplied", LOGIN),
        ('connection failed: FATAL:  role "ada" does not exist', LOGIN),
        (
            'connection failed: FATAL:  database "shop" does not exist',
            "make the database, or put the right name into DATABASE_URL",
        ),
        (
            "failed to resolve host 'db': [Errno -2] Name or service not known",
            "put the right host into DATABASE_URL",
        ),
        ("connection failed: Connection refused", SERVER),
        ("connection timeout expired", SERVER),
        (SOCKET, SERVER),
        (
            "connection failed: server does not support SSL, but SSL was required",
            "put what is right into DATABASE_URL",
        ),
        ("could not match 3 port numbers to 1 hosts", "put what is right into DATABASE_URL"),
        ("no such table: auth.user", MIGRATE),
        ("unable to open database file", "put a file that can be made into DATABASE_URL=sqlite:///FILE"),
        (
            "attempt to write a readonly database",
            "see who owns the file that DATABASE_URL names, and its directory",
        ),
    ],
)
def test_error_of_the_database_gets_its_way_out(said: str, way: str) -> None:
    assert one_line(OperationalError(said)) == f"freehold: {said}; {way}"


def test_error_of_several_lines_becomes_one() -> None:
    error = OperationalError("connection failed: Connection refused\n\tIs the server running?\n\n")

    assert one_line(error) == f"freehold: connection failed: Connection refused; Is the server running?; {SERVER}"


@pytest.mark.parametrize("said", ["deadlock detected", "canceling statement due to lock timeout", "database is locked"])
def test_error_that_is_no_fault_of_the_url_stays_as_it_is(said: str) -> None:
    assert one_line(OperationalError(said)) == f"freehold: {said}"


def test_error_of_ours_says_its_way_out_itself() -> None:
    assert one_line(FreeholdError("can't connect: Connection refused: do this")) == (
        "freehold: can't connect: Connection refused: do this"
    )


def test_way_out_of_a_project_without_a_url_names_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(connections["default"].settings_dict, "MADE_OF")

    assert one_line(OperationalError("failed to resolve host 'db'")) == (
        "freehold: failed to resolve host 'db'; put the right host into DATABASES['default']"
    )
    assert one_line(OperationalError("unable to open database file")).endswith(
        "; put a file that can be made into DATABASES['default']"
    )


def test_error_names_the_database_where_nothing_else_has() -> None:
    assert one_line(FreeholdError("no"), "SQLite file ./local.db") == "freehold: SQLite file ./local.db: no"


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (ProgrammingError('relation "auth.user" does not exist'), False),
        (ProgrammingError('schema "auth" does not exist'), False),
        (ProgrammingError('column "x" does not exist'), True),
        (ProgrammingError('syntax error at or near "SELEC"'), True),
        (FreeholdError("no"), False),
        (OperationalError("deadlock detected"), False),
    ],
)
def test_wrong_sql_is_a_bug_and_a_missing_table_is_none(error: Exception, is_one: bool) -> None:
    assert is_bug(error) is is_one
