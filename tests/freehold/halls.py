"""A database whose logins a test may spoil: roles of its own, a protected table, and connections as each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from freehold.rights.bootstrap import bootstrap
from freehold.services import startup
from freehold.services.startup import LoginReport
from tests.freehold.backends.conftest import open_alias
from tests.freehold.estates import Parameters, get_server, make_ownership, make_tag, open_database

TAG = make_tag()
MAP = replace(make_ownership(TAG), combined=f"both_{TAG}")
NO_COMBINED = replace(MAP, combined="")
TABLES = f"""
    SET ROLE field_{TAG};
    CREATE TABLE field.plot (id int PRIMARY KEY);
    ALTER TABLE field.plot ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    GRANT SELECT ON field.plot TO farm_{TAG}, mill_{TAG};
    SET ROLE steward_{TAG};
    CREATE TABLE public.ledger ();
"""


class Hall:
    """The database. `@` in a statement stands for the tag that every role's name ends in."""

    def __init__(self, database: Parameters, passfile: Path) -> None:
        self.database, self.passfile, self.tag = database, passfile, f"_{TAG}"

    def run(self, statements: str) -> None:
        """Run statements as the superuser."""
        with psycopg.connect(**self.database, autocommit=True) as root:
            for statement in filter(str.strip, statements.replace("@", f"_{TAG}").split(";")):
                root.execute(statement)

    def get_entry(self, login: str) -> dict[str, Any]:
        """Give the settings of a connection as a login, e.g. `farm`; the superuser is `postgres`."""
        entry = deepcopy(connections.settings["default"])
        address = {name: self.database[name] for name in ("sslmode", "gssencmode") if name in self.database}
        is_own = login != "postgres"
        passfile = self.passfile if is_own else self.database["passfile"]
        return {
            **entry,
            "NAME": self.database["dbname"],
            "USER": f"{login}_{TAG}" if is_own else login,
            "HOST": self.database["host"],
            "PORT": self.database["port"],
            "SWITCH_LOGIN": False,
            "OPTIONS": {**address, "passfile": str(passfile), "schemas": list(MAP.schema_names)},
        }

    @contextmanager
    def connect(self, login: str) -> Iterator[BaseDatabaseWrapper]:
        """Give a connection as a login, which Django knows as `hall`."""
        with open_alias("hall", self.get_entry(login)) as connection:
            yield connection


@contextmanager
def open_hall(directory: Path) -> Iterator[Hall]:
    """Give the database of this process, with roles and tables; gone after the block."""
    with open_database(get_server(), TAG) as database:
        hall = Hall(database, directory / "pgpass")
        with psycopg.connect(**database, autocommit=True) as root:
            bootstrap(root, MAP, hall.passfile)
        hall.run(TABLES)
        yield hall


def plain(text: object) -> str:
    """Give a text with the roles' names as they would be without a tag."""
    return str(text).replace(f"_{TAG}", "")


@pytest.fixture(scope="session")
def made_hall(django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """The database, made when a test first asks for it."""
    with django_db_blocker.unblock(), open_hall(tmp_path_factory.mktemp("hall")) as hall:
        yield hall


@pytest.fixture
def hall(
    made_hall: Hall, settings: Settings, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hall]:
    """The database; its map is the project's, field.plot is protected, the process is service `farm`."""
    monkeypatch.setattr(startup, "list_protected", lambda ownership: [("field", "plot")])
    settings.OWNERSHIP = "tests.freehold.halls.MAP"
    settings.SERVICE = "farm"
    settings.DEBUG = False
    with django_db_blocker.unblock():
        yield made_hall


def look(hall: Hall, login: str) -> LoginReport:
    """Look as a process does that connects as the login."""
    with hall.connect(login) as connection:
        return startup.inspect(connection)


def list_faults(hall: Hall, login: str) -> list[str]:
    """Give what is found, with the roles' names as they would be without a tag."""
    return [plain(fault) for fault in look(hall, login).faults]


# --- What may be wrong with `farm`: what makes it so, what mends it, and what is said --------------------------------
WAY_OUT = (
    "`manage.py ownership check` names all of it and `manage.py ownership apply` takes it; "
    "TOLERATE_EXTRA_RIGHTS=1 lets a release before run beside one whose map gives more"
)
SEES = (
    "login farm may use field.plot, whose policies do not hold it: "
    "`manage.py ownership apply` puts row-level security and policies back"
)
FAULTS = {
    "superuser": (
        "ALTER ROLE farm@ SUPERUSER",
        "ALTER ROLE farm@ NOSUPERUSER",
        ["login farm is SUPERUSER: ALTER ROLE farm NOSUPERUSER", SEES],
    ),
    "bypass": (
        "ALTER ROLE farm@ BYPASSRLS",
        "ALTER ROLE farm@ NOBYPASSRLS",
        ["login farm is BYPASSRLS: ALTER ROLE farm NOBYPASSRLS", SEES],
    ),
    "creator": (
        "ALTER ROLE farm@ CREATEROLE CREATEDB",
        "ALTER ROLE farm@ NOCREATEROLE NOCREATEDB",
        ["login farm is CREATEROLE, CREATEDB: ALTER ROLE farm NOCREATEROLE NOCREATEDB"],
    ),
    "replication": (
        "ALTER ROLE farm@ REPLICATION",
        "ALTER ROLE farm@ NOREPLICATION",
        ["login farm is REPLICATION: ALTER ROLE farm NOREPLICATION"],
    ),
    "owner's member": (
        "GRANT wood@ TO farm@",
        "REVOKE wood@ FROM farm@",
        ["login farm is a member of wood: REVOKE wood FROM farm"],
    ),
    "member of several": (
        "GRANT mill@, wood@, pg_read_all_data TO farm@",
        "REVOKE mill@, wood@, pg_read_all_data FROM farm@",
        ["login farm is a member of mill, pg_read_all_data, wood: REVOKE mill, pg_read_all_data, wood FROM farm"],
    ),
    "no row security": (
        "ALTER TABLE field.plot DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE field.plot ENABLE ROW LEVEL SECURITY",
        [SEES],
    ),
}
OWNED = {
    "schema": ("CREATE SCHEMA barn AUTHORIZATION farm@", "DROP SCHEMA barn", "schema barn"),
    "table": (
        "CREATE TABLE field.hay (); ALTER TABLE field.hay OWNER TO farm@",
        "DROP TABLE field.hay",
        "table field.hay",
    ),
    "view": (
        "CREATE VIEW wood.hay AS SELECT 1; ALTER VIEW wood.hay OWNER TO farm@",
        "DROP VIEW wood.hay",
        "view wood.hay",
    ),
    "function": (
        "CREATE FUNCTION public.mow() RETURNS int RETURN 1; REVOKE ALL ON FUNCTION public.mow() FROM PUBLIC; "
        "ALTER FUNCTION public.mow() OWNER TO farm@",
        "DROP FUNCTION public.mow()",
        "function public.mow()",
    ),
    "type": (
        "CREATE TYPE wood.sort AS ENUM (); ALTER TYPE wood.sort OWNER TO farm@",
        "DROP TYPE wood.sort",
        "type wood.sort",
    ),
    "database": ("CREATE DATABASE barn@ OWNER farm@", "DROP DATABASE barn@", "database barn"),
}
