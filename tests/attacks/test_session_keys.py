"""Where the key of a session might be read by somebody who is not its browser: statements, the server's log, tables.

A key that is read there signs its reader in as somebody else, at any service.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from auth_app.proofs import get_proof, get_row_key
from freehold.acting import acting
from tests.auth_app.factories import make_superuser
from tests.config.processes import Site, Visitor, make_url, serving
from tests.freehold.estates import get_server
from tests.seeded import execute_as_superuser

SERVICES = ("web", "api", "admin")
STAFF, PASSWORD = "admin@freehold.example", "freehold-demo"
NEW_PASSWORD = "quite-another-8241"
LIST_TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_catalog.pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""
PAGES = {"web": "/", "api": "/items/", "admin": "/admin/auth_app/session/"}


@pytest.fixture(scope="module")
def database(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the filled database whose every statement is in the server's log; give its name."""
    name = f"{seeded_database}_secrets"
    with django_db_blocker.unblock():
        connections["seeded"].close()
        execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {seeded_database}")
        for setting in ("log_statement = 'all'", "log_min_duration_statement = 0", "log_duration = on"):
            execute_as_superuser(f"ALTER DATABASE {name} SET {setting}")
        yield name
        execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def sites(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    """A process for each service, each with its own login."""
    directory = tmp_path_factory.mktemp("secrets")
    with ExitStack() as stack:
        yield {each: stack.enter_context(serving(directory, each, make_url(database))) for each in SERVICES}


class Watcher(threading.Thread):
    """Another connection of a service's login, such as an injected statement has, that reads what the others send."""

    def __init__(self, database: str, login: str) -> None:
        super().__init__(daemon=True)
        self.connection = psycopg.connect(**{**get_server(), "dbname": database, "user": login}, autocommit=True)
        self.seen: set[str] = set()
        self.ended = False

    def run(self) -> None:
        while not self.ended:
            statement = "SELECT query FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()"
            self.seen |= {query for (query,) in self.connection.execute(statement).fetchall()}
            time.sleep(0.001)  # leaves the cores to the others


@contextmanager
def watching(database: str) -> Iterator[dict[str, Watcher]]:
    watchers = {service: Watcher(database, f"{service}_rw") for service in SERVICES}
    for each in watchers.values():
        each.start()
    try:
        yield watchers
    finally:
        for each in watchers.values():
            each.ended = True
            each.join()
            each.connection.close()


def read_log(since: int = 0) -> str:
    log = Path(connections.settings["default"]["OPTIONS"]["embedded"]) / "server.log"
    return log.read_bytes()[since:].decode(errors="replace")


def get_cookie(visitor: Visitor, name: str = "sessionid") -> str:
    return next((cookie.value or "" for cookie in visitor.cookies if cookie.name == name), "")


def send(visitor: Visitor, url: str, **form: str) -> None:
    answer = visitor.open(url, **form, csrfmiddlewaretoken=get_cookie(visitor, "csrftoken"))
    assert answer.status == 200, answer


def dump_rows(database: str) -> str:
    """Give every row of every table as text."""
    with psycopg.connect(**{**get_server(), "dbname": database}) as root:
        tables = [table for (table,) in root.execute(LIST_TABLES).fetchall()]
        return "\n".join(
            row
            for table in tables
            for (row,) in root.execute(f"SELECT each::text FROM {table} AS each").fetchall()  # type: ignore[call-overload]
        )


@pytest.mark.postgresql
@pytest.mark.xdist_group("processes")
def test_key_of_a_session_is_read_nowhere_from_sign_in_to_sign_out(sites: dict[str, Site], database: str) -> None:
    visitor, begin = Visitor(), len(read_log().encode())
    with watching(database) as watchers:
        visitor.sign_in(sites["web"], STAFF)
        keys = [get_cookie(visitor)]
        for _ in range(20):
            for service, page in PAGES.items():
                assert visitor.open(sites[service].url + page).status == 200
        rows = dump_rows(database)
        passwords = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
        send(visitor, f"{sites['admin'].url}/admin/password_change/", **passwords)
        keys.append(get_cookie(visitor))
        assert "Sign out" in visitor.open(f"{sites['api'].url}/items/").text
        rows += dump_rows(database)
        send(visitor, f"{sites['web'].url}/logout/")
    log = read_log(begin)
    seen = {service: "\n".join(each.seen) for service, each in watchers.items()}

    assert [len(key) for key in {*keys}] == [32, 32]
    for key in keys:
        for where in (log, rows, *seen.values()):
            assert key not in where
        for where in (log, *seen.values()):
            assert get_proof(key) not in where
            assert get_row_key(get_proof(key)) not in where
        assert get_proof(key) not in rows
        assert get_row_key(get_proof(key)) in rows
    for where in (log, *seen.values()):  # the statements themselves are there
        assert "$1" in where
    assert "auth.find_session($1)" in log
    assert PASSWORD not in log
    assert NEW_PASSWORD not in log


@pytest.mark.postgresql
@pytest.mark.xdist_group("processes")
def test_hash_of_a_new_password_is_not_in_the_log_where_the_statement_is(sites: dict[str, Site], database: str) -> None:
    visitor, begin = Visitor(), len(read_log().encode())
    visitor.sign_in(sites["web"], "auth.manager@freehold.example")
    passwords = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    send(visitor, f"{sites['admin'].url}/admin/password_change/", **passwords)

    log = read_log(begin)
    assert '"password" = $' in log
    assert "argon2" not in log


# --- SQLite ----------------------------------------------------------------------------------------------------------
@pytest.mark.sqlite
@pytest.mark.django_db
def test_statements_and_rows_of_a_file_hold_no_key() -> None:
    user = make_superuser(PASSWORD)
    client, keys, rows = Client(), [], ""
    with tracing() as traced, CaptureQueriesContext(connection) as captured:
        client.post("/login/", {"username": user.email, "password": PASSWORD})
        keys.append(client.cookies["sessionid"].value)
        for page in PAGES.values():
            assert client.get(page).status_code == 200
        rows += read_rows()
        passwords = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
        client.post("/admin/password_change/", passwords)
        keys.append(client.cookies["sessionid"].value)
        assert client.get("/items/").wsgi_request.user.pk == user.pk
        rows += read_rows()
        client.post("/logout/")
    sent = "\n".join([*traced, *(query["sql"] for query in captured.captured_queries)])

    assert keys[0] != keys[1]
    for key in keys:
        assert key not in sent
        assert key not in rows
        assert get_row_key(get_proof(key)) in sent
        assert get_row_key(get_proof(key)) in rows


@contextmanager
def tracing() -> Iterator[list[str]]:
    """Give what SQLite itself says that it runs, values included."""
    traced: list[str] = []
    connection.ensure_connection()
    connection.connection.set_trace_callback(traced.append)
    try:
        yield traced
    finally:
        connection.connection.set_trace_callback(None)


def read_rows() -> str:
    """Give every row of every table as text, as far as this transaction sees."""
    rows = []
    with acting(None), connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return repr(rows)
