"""`manage.py quickstart` on a server of one's own: after bootstrap, with an admin, as a superuser."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from freehold import embedded
from tests.config.quickstart.starts import prepare
from tests.dialect import OWNER

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("quickstart servers")]

LEAF = """
    DELETE FROM master.categories WHERE id = (
        SELECT id FROM master.categories c
        WHERE NOT EXISTS (SELECT FROM master.categories d WHERE d.parent_id = c.id) LIMIT 1
    )
"""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL whose roles and databases are nobody else's."""

    directory: Path

    @property
    def root(self) -> str:
        """The superuser's URL, of its first database."""
        return embedded.get_url(f"{self.directory}/postgres")

    def get_root(self, database: str) -> str:
        return self.root.replace("/freehold", f"/{database}")

    def get_url(self, database: str) -> str:
        """Give the URL without a user, as services have it."""
        address = self.root.rpartition("@")[2].replace("/freehold", f"/{database}").partition("?")[0]
        return f"postgresql://{address}?passfile={quote(str(self.directory / 'pgpass'), safe='')}"

    def execute(self, database: str, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.get_root(database), autocommit=True) as root:
            done = root.execute(statement)
            return done.fetchall() if done.description else []


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    directory = Path(tempfile.mkdtemp(prefix="own-", dir=os.environ[OWNER]))
    directory.chmod(0o755)
    embedded.start(f"{directory}/postgres")
    own = Server(directory)
    for name in ("shop", "empty", "taken"):
        own.execute("freehold", f"CREATE DATABASE {name}")
    yield own
    embedded.stop(f"{directory}/postgres")


def count(server: Server, database: str) -> tuple[object, ...]:
    """Count users and places."""
    statement = 'SELECT (SELECT count(*) FROM auth."user"), (SELECT count(*) > 30000 FROM master.locations)'
    return server.execute(database, statement)[0]


def test_quickstart_before_bootstrap_says_the_next_step(server: Server) -> None:
    done = prepare(server.get_url("shop"))

    assert done.returncode == 1
    assert done.stderr.startswith("Database: PostgreSQL database shop at 127.0.0.1:")
    assert done.stderr.splitlines()[-1].startswith("freehold: can't connect as migrator: ")
    assert "`manage.py ownership bootstrap` with --admin-url makes it" in done.stderr


def test_quickstart_with_an_admin_and_then_without_loads_no_demo_data_unless_told_to(server: Server) -> None:
    url = server.get_url("shop")
    first = prepare(url, "--admin-url", server.get_root("shop"))
    untold = count(server, "shop")
    server.execute("shop", LEAF)
    categories = server.execute("shop", "SELECT count(*) FROM master.categories")
    second = prepare(url)
    kept = server.execute("shop", "SELECT count(*) FROM master.categories")
    told = prepare(url, "--demo")
    users = count(server, "shop")[0]
    server.execute("shop", "UPDATE auth.\"user\" SET is_superuser = false, password = '!'")
    third = prepare(url)

    for done in (first, second, told, third):
        assert done.returncode == 0, done.stderr
        assert done.stderr.startswith("Database: PostgreSQL database shop at 127.0.0.1:")
        assert "as " not in done.stderr.splitlines()[0]
    assert "Schemas, owners, logins" in first.stdout
    assert "Schemas, owners, logins" not in second.stdout
    assert untold == (0, True)
    assert kept == categories, "a row of reference data that somebody took out is not put back unasked"
    assert "no demo data" in second.stdout
    assert isinstance(users, int)
    assert users > 10
    assert "no demo data" in third.stdout
    assert server.execute("shop", 'SELECT count(*) FROM auth."user" WHERE is_superuser') == [(0,)]


def test_quickstart_as_superuser_on_an_empty_database_bootstraps_it(server: Server) -> None:
    done = prepare(server.get_root("empty"), PGPASSFILE=str(server.directory / "pgpass"))

    assert done.returncode == 0, done.stderr
    assert "Schemas, owners, logins" in done.stdout
    assert done.stderr.splitlines()[0].endswith(" as postgres")
    assert count(server, "empty") == (0, True)


def test_quickstart_as_superuser_on_a_database_of_somebodys_says_the_next_step(server: Server) -> None:
    server.execute("taken", "CREATE TABLE public.theirs (id int)")
    done = prepare(server.get_root("taken"), PGPASSFILE=str(server.directory / "pgpass"))

    assert done.returncode == 1
    refusal = done.stderr.splitlines()[-1]
    # Roles belong to the server: another test of this module may have made them.
    missing = "(role auth_owner is missing on the server of|schema auth is missing in) database 'taken'"
    assert re.match(f"freehold: {missing}: `manage.py ownership bootstrap` makes it", refusal), refusal
    schemas = server.execute("taken", "SELECT nspname FROM pg_namespace WHERE nspname IN ('auth', 'master', 'app')")
    assert schemas == []
