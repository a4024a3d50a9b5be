"""L050: a query that crosses schemas is noted where the database lets it pass, with the line that sent it.

The connections are stock Django's: neither a role nor SQLite's authorizer refuses anything on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import ConnectionHandler, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError, ProgrammingError

from freehold import embedded
from freehold.acting import Acting, Rights, acting
from freehold.errors import MissingExtraError
from freehold.testing import CrossingError, Watch, refusing_crossings, watching
from freehold_lint import watcher
from freehold_lint.parsing import StatementError
from tests.dialect import DIALECT

ROOT = Path(__file__).resolve().parents[2]
API = Acting("api", "api_rw", Rights(frozenset({"app"}), frozenset({"app"}), {"auth.user": frozenset({"id", "email"})}))
TABLES = ("CREATE TABLE {user} (id int, email text, password text)", "CREATE TABLE {items} (id int, user_id int)")


def open_connection() -> BaseDatabaseWrapper:
    """Give a connection of stock Django's own backend that may do everything."""
    settings: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    if DIALECT == "postgresql":
        address = embedded.get_address(connections.settings["default"]["OPTIONS"]["embedded"])
        settings = {"ENGINE": "django.db.backends.postgresql", "USER": "postgres", "NAME": "postgres"}
        rest = {name: value for name, value in address.items() if name not in {"host", "port"}}
        settings |= {"HOST": address["host"], "PORT": address["port"], "OPTIONS": rest}
    return ConnectionHandler({"default": settings})["default"]


def name(table: str) -> str:
    """Give a table's name as the dialect writes it."""
    schema, _, bare = table.partition(".")
    return f'"{schema}"."{bare}"' if DIALECT == "postgresql" else f'"{table}"'


@pytest.fixture
def send(django_db_blocker: Any) -> Iterator[Callable[[str], None]]:
    """Give a function that sends a statement, in a transaction that is rolled back; {user} and {items} are tables."""
    with django_db_blocker.unblock():
        connection = open_connection()
        connection.set_autocommit(False)

        def run(statement: str) -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement.format(user=name("auth.user"), items=name("app.items")))

        if DIALECT == "postgresql":
            run("CREATE SCHEMA auth")
            run("CREATE SCHEMA app")
        for statement in TABLES:
            run(statement)
        watcher.attach(connection)
        yield run
        connection.rollback()
        connection.close()


def tell(watch: Watch) -> list[str]:
    """Give what was noted without the line."""
    return list(dict.fromkeys(str(crossing).rpartition(": ")[0] for crossing in watch.crossings))


def test_crossing_names_service_table_owner_and_line(send: Callable[[str], None]) -> None:
    with pytest.raises(CrossingError) as caught, refusing_crossings(), acting(API):
        send("SELECT {user}.password FROM {user}")

    found = str(caught.value)
    place, _, function = found.rpartition(" in ")
    path, _, line = place.rpartition(": ")[2].partition(":")
    assert place.startswith("L050 service api reads auth.user (password) of web without a contract: ")
    assert path == Path(__file__).relative_to(ROOT).as_posix()
    assert "cursor.execute" in Path(__file__).read_text().splitlines()[int(line) - 1]
    assert function == "run"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT i.id FROM {items} AS i JOIN {user} AS u ON u.id = i.user_id WHERE u.email = ''", []),
        ("SELECT u.password FROM {user} AS u", ["reads auth.user (password)"]),
        ("SELECT u.id FROM {items} AS i JOIN {user} AS u ON u.password = ''", ["reads auth.user (password)"]),
        ("SELECT * FROM {user}", ["reads auth.user (*)"]),
        ("INSERT INTO {items} (id) SELECT u.id FROM {user} AS u", []),
        ("INSERT INTO {user} (id) VALUES (1)", ["writes auth.user"]),
        ("UPDATE {user} SET email = ''", ["writes auth.user"]),
        ("DELETE FROM {user}", ["writes auth.user"]),
        ("SELECT 1", []),
    ],
)
def test_service_may_send_what_is_its_own_or_shared(
    statement: str, said: list[str], send: Callable[[str], None]
) -> None:
    with watching() as watch, acting(API):
        send(statement)

    assert tell(watch) == [f"L050 service api {each} of web without a contract" for each in said]


@pytest.mark.parametrize("broken", [MissingExtraError, StatementError])
def test_query_that_is_not_parsed_is_judged_by_its_quoted_names(
    broken: type[Exception], send: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*ignored: object) -> None:
        raise broken("no parser")

    watcher.find_uses.cache_clear()
    monkeypatch.setattr(watcher, "list_uses", refuse)
    with watching() as watch, acting(API):
        send('SELECT {user}."email", {user}."password" FROM {user}')
    watcher.find_uses.cache_clear()

    assert tell(watch) == ["L050 service api reads auth.user (password) of web without a contract"]


def test_owners_work_is_not_watched(send: Callable[[str], None]) -> None:
    with watching() as watch, acting(None):
        send("SELECT {user}.password FROM {user}")

    assert watch.crossings == []


def test_query_that_the_database_refuses_is_none(send: Callable[[str], None]) -> None:
    with refusing_crossings(), acting(API), pytest.raises((OperationalError, ProgrammingError)):
        send("SELECT {user}.no_such_column FROM {user}")


def test_inner_block_shields_the_outer_one(send: Callable[[str], None]) -> None:
    with refusing_crossings(), watching() as inner, acting(API):
        send("DELETE FROM {user}")

    assert len(inner.crossings) == 1


def test_connection_that_opens_inside_the_block_is_watched(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), watching() as watch, acting(API):
        connection = open_connection()
        with connection.cursor() as cursor:
            assert watcher.observe in connection.execute_wrappers
            cursor.execute("SELECT 1")
        connection.close()

    assert watch.crossings == []


def test_line_is_the_projects_own_and_not_a_packages() -> None:
    assert watcher.find_line().startswith("tests/freehold_lint/test_watcher.py:")


def test_suite_itself_is_watched() -> None:
    assert len(watcher._watches) == 1
