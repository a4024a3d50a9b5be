"""A database that is as declared, to be damaged by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from freehold.findings import Finding
from freehold.ownership import Contract, Ownership, Schema, Service
from freehold.ownership.comparable import DatabasePolicy, RowSecurity
from freehold.rights import declared
from freehold.rights.alignment import Alignment, apply_ownership
from freehold.rights.bootstrap import bootstrap
from freehold.rights.explanation import explain
from freehold.rights.look import find_drift, look_for_plan
from freehold.rights.script import write_script
from tests.freehold.estates import Parameters, make_ownership

OBJECTS = """
    CREATE ROLE stranger@;
    SET ROLE field@;
    CREATE TABLE field.plot (id serial PRIMARY KEY, keeper text, secret text);
    CREATE TABLE field.hedge (id int);
    CREATE VIEW field.tall AS SELECT id FROM field.hedge;
    CREATE SEQUENCE field.ticket;
    CREATE FUNCTION field.area(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE TYPE field.crop AS ENUM ('rye');
    CREATE DOMAIN field.acre AS int;
    SET ROLE wood@;
    CREATE TABLE wood.tree (id int);
    SET ROLE sea@;
    CREATE TABLE sea.fish (id int);
    SET ROLE steward@;
    CREATE TABLE public.migration_history (id int, link text);
    RESET ROLE;
"""
OWN = "keeper = (SELECT nullif(pg_catalog.current_setting('freehold.user_id', true), ''))"


def make_map(tag: str) -> Ownership:
    """Give a map with a contract of each kind and an external schema."""
    ownership = make_ownership(tag)
    services = tuple(
        replace(each, reads=(*each.reads, "sea")) if each.name == "mill" else each for each in ownership.services
    )
    return replace(
        ownership,
        schemas=(*ownership.schemas, Schema("sea", owner=f"sea_{tag}", external=True, login=f"fisher_{tag}")),
        services=(*services, Service("inn", login=f"inn_{tag}")),
        contracts=(
            *ownership.contracts,
            Contract("field", consumer="inn", read={"plot": ("id", "keeper")}, call=("area(int)",)),
        ),
        combined=f"all_{tag}",
    )


class Estate:
    """A database, its map, and policies on field.plot."""

    def __init__(self, database: Parameters, tag: str, passfile: Path) -> None:
        self.database, self.tag, self.passfile = database, tag, passfile
        self.ownership = make_map(tag)
        self.policies = [
            DatabasePolicy("field", "plot", "own", "ALL", (f"farm_{tag}",), OWN, OWN),
            DatabasePolicy("field", "plot", "owner", "ALL", (f"field_{tag}",), "true", "true"),
            DatabasePolicy("field", "plot", "looking", "SELECT", (f"inn_{tag}", f"mill_{tag}"), "secret IS NULL"),
        ]
        self.row_security = [RowSecurity("field", "plot")]

    def declare(self, patch: pytest.MonkeyPatch) -> None:
        """Let these policies be what stands beside the models."""
        patch.setattr(declared, "list_policies", lambda ownership: self.policies)
        patch.setattr(declared, "list_row_security", lambda ownership: self.row_security)

    def make(self) -> None:
        """Bootstrap, make the objects and bring all in line."""
        with psycopg.connect(**self.database, autocommit=True) as admin:
            bootstrap(admin, self.ownership, self.passfile)
        self.execute(OBJECTS)
        self.apply()

    def protect(self, table: str) -> None:
        """Declare the same policies for another table of the schema."""
        same = [replace(each, table=table) for each in self.policies if each.table == "plot"]
        self.policies, self.row_security = self.policies + same, [*self.row_security, RowSecurity("field", table)]
        declared._kept.clear()

    def explain(self, name: str) -> str:
        """Give what `ownership explain` says."""
        with self.connect() as session:
            return self.plain(explain(session, self.ownership, name))

    def connect(self, user: str = "") -> psycopg.Connection:
        """Connect as the superuser, or as a login of the map by its name without the tag."""
        login = {"user": f"{user}_{self.tag}", "passfile": str(self.passfile)} if user else {}
        return psycopg.connect(**{**self.database, **login}, autocommit=True)

    def execute(self, statements: str, user: str = "") -> list[tuple[object, ...]]:
        """Run statements; `@` in them stands for the tag."""
        with self.connect(user) as session:
            cursor = session.execute(statements.replace("@", f"_{self.tag}"))
            return cursor.fetchall() if cursor.description else []

    def apply(self, user: str = "", **options: bool | int) -> Alignment:
        """Apply what is declared."""
        with self.connect(user) as session:
            return apply_ownership(session, self.ownership, **options)  # type: ignore[arg-type]

    def plan(self, user: str = "") -> str:
        """Give the plan as SQL."""
        with self.connect(user) as session:
            plan, joins = look_for_plan(session, self.ownership)
        return write_script(plan, joins=joins)

    def check(self, *, anew: bool = True) -> list[Finding]:
        """Give what differs."""
        with self.connect() as session:
            return find_drift(session, self.ownership, anew=anew)

    def tell(self) -> list[str]:
        """Give what differs, a line each without the tag: `D012 field.plot: farm …`."""
        return [self.plain(f"{each.rule} {each.object}: {each.message}") for each in self.check()]

    def execute_script(self, script: str) -> None:
        """Run a plan as psql would."""
        with self.connect() as session:
            session.execute(script.encode())

    def plain(self, text: str) -> str:
        """Give a text with the names as they would be without a tag."""
        return text.replace(f"_{self.tag}", "")
