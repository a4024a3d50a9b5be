"""A database of two owners and two services, bootstrapped once, that each test changes and puts back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from freehold.findings import Finding
from freehold.ownership import Ownership
from freehold.rights.bootstrap import bootstrap
from freehold_lint.catalogue import list_catalogue_findings
from tests.freehold.estates import Parameters, get_server, make_ownership, make_tag, open_database
from tests.freehold.lanes import lane
from tests.freehold_lint.workshop import workshop

__all__ = ["lane", "workshop"]  # fixtures

TABLES = """
    SET LOCAL ROLE field@;
    CREATE TABLE field.plot (id int PRIMARY KEY, farmer int NOT NULL, crop text);
    CREATE INDEX plot_farmer_idx ON field.plot (farmer);
    SET LOCAL ROLE wood@;
    CREATE TABLE wood.tree (id int PRIMARY KEY, height int);
    RESET ROLE;
"""


class Estate:
    """What the rules say about one database. In statements, `@` stands for the tag that its roles end in."""

    def __init__(self, connection: psycopg.Connection, ownership: Ownership, tag: str) -> None:
        self.connection, self.ownership, self.tag = connection, ownership, tag

    def run(self, statements: str) -> None:
        """Run statements as the superuser, in the test's transaction."""
        self.connection.execute(statements.replace("@", f"_{self.tag}").encode())

    def lint(self) -> list[Finding]:
        """Give what the rules find."""
        return list_catalogue_findings(self.connection.cursor(), self.ownership)

    def tell(self) -> list[str]:
        """Give each finding as its id, object and message, with the names as they would be without a tag."""
        lines = (f"{each.rule} {each.object}: {each.message}" for each in self.lint())
        return [line.replace(f"_{self.tag}", "") for line in lines]


@pytest.fixture(scope="package")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Parameters, Ownership, str]]:
    """Parameters of the superuser, the map and the tag of a database with a table in each schema."""
    tag = make_tag()
    ownership = make_ownership(tag)
    with open_database(get_server(), tag) as parameters:
        with psycopg.connect(**parameters, autocommit=True) as admin:
            bootstrap(admin, ownership, Path(tmp_path_factory.mktemp("lint")) / "pgpass")
            with admin.transaction():
                admin.execute(TABLES.replace("@", f"_{tag}").encode())
        yield parameters, ownership, tag


@pytest.fixture
def estate(database: tuple[Parameters, Ownership, str]) -> Iterator[Estate]:
    """The database in a transaction that is rolled back."""
    parameters, ownership, tag = database
    with psycopg.connect(**parameters) as connection:
        yield Estate(connection, ownership, tag)
        connection.rollback()
