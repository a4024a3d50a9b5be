"""What the server writes down of statements that fail: who, when and why, and no value of theirs."""

from __future__ import annotations

import re

import psycopg
import pytest

from freehold.embedded.directories import Directory
from tests.freehold.embedded.conftest import Connect

pytestmark = pytest.mark.postgresql

SECRET = "hush-hush"
FAULTS = {
    "detail": ("INSERT INTO guests VALUES (%s)", [SECRET]),
    "literal": (f"INSERT INTO guests VALUES ('{SECRET}')", None),
    "row": ("INSERT INTO guests VALUES (NULL, %s)", [SECRET]),
    "function": (f"DO $$ BEGIN INSERT INTO guests VALUES ('{SECRET}'); END $$", None),
    "excerpt": (f"SELECT nothing FROM guests WHERE name = '{SECRET}'", None),
}


def fill(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE guests (name text PRIMARY KEY, note text)")
    connection.execute("INSERT INTO guests VALUES (%s)", [SECRET])


@pytest.mark.parametrize("case", FAULTS)
def test_fault_is_in_the_log_without_values(case: str, path: str, files: Directory, connect: Connect) -> None:
    connection = connect(path)
    fill(connection)
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(*FAULTS[case])

    log = files.log.read_text()

    assert SECRET not in log
    assert str(caught.value.diag.message_primary) in log


def test_line_of_the_log_has_process_login_database_and_code(path: str, files: Directory, connect: Connect) -> None:
    connection = connect(path)
    with pytest.raises(psycopg.Error):
        connection.execute("SELECT 1/0")

    pid = connection.info.backend_pid
    assert re.search(
        rf"\[{pid}\] postgres@freehold \[\[unknown\]\] 22012 ERROR:  division by zero\n", files.log.read_text()
    )


def test_data_of_an_earlier_release_are_logged_so_too(path: str, files: Directory, connect: Connect) -> None:
    with (files.data / "postgresql.conf").open("a") as file:
        file.write("log_error_verbosity = verbose\nlog_min_error_statement = error\nlog_min_duration_statement = 0\n")
    connection = connect(path)
    fill(connection)
    with pytest.raises(psycopg.Error):
        connection.execute(*FAULTS["detail"])

    assert SECRET not in files.log.read_text()


def test_database_may_be_told_to_log_more(path: str, files: Directory, connect: Connect) -> None:
    connect(path).execute("ALTER DATABASE freehold SET log_min_error_statement = 'error'")
    with pytest.raises(psycopg.Error):
        connect(path).execute("SELECT 'looked for'/0")

    assert "STATEMENT:  SELECT 'looked for'/0" in files.log.read_text()
