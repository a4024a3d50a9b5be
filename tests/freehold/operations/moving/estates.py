"""Tables that move, in migrations that a test writes out as text, and what the catalogue holds before and after."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from freehold.ownership import get_ownership
from freehold.ownership.comparable import DatabasePolicy, RowSecurity
from freehold.rights import declared
from freehold.rights.administration import get_parameters
from freehold.rights.look import find_drift
from tests.freehold.migrator.estates import ALIAS, APPS, Estate

RUN = """
    migrations.CreateModel("Run",
        [("id", models.BigAutoField(primary_key=True)),
         ("kind", models.TextField(db_default="import")),
         ("note", models.TextField(null=True)),
         ("seen", models.IntegerField(db_default=0))],
        options={"db_table": "public.runs", "constraints": [
            models.UniqueConstraint(fields=["kind", "note"], name="runs_kind_note_uniq"),
            models.CheckConstraint(condition=models.Q(seen__gte=0), name="runs_seen_check")],
            "indexes": [models.Index(fields=["seen"], name="runs_seen_idx")]}),
    migrations.CreateModel("Step",
        [("id", models.BigAutoField(primary_key=True)),
         ("run", models.ForeignKey("stray.Run", models.CASCADE, db_constraint=True))],
        options={"db_table": "public.steps"}),
"""
RUN_WITHIN = """
    migrations.CreateModel("Run", [("id", models.BigAutoField(primary_key=True)), ("note", models.TextField())],
        options={"db_table": "app.runs"}),
"""
MOVE = 'MoveTable("public.runs", "app.runs", model="stray.Run"),\n'
GATE = """
    migrations.CreateModel("Gate",
        [("id", models.AutoField(primary_key=True)), ("name", models.TextField(unique=True))],
        options={"db_table": "auth.gate"}),
"""
MOVE_GATE = 'MoveTable("auth.gate", "app.door", model="manor.Gate"),\n'
IMPORT = "from freehold.operations import FillMirror, MirrorTable, MoveTable, RemoveOldName, StopMirror\n"


class MovingEstate(Estate):
    """A database with a table `public.runs` of the web service's, that goes to the API's `app.runs`."""

    def write(self, app: str, name: str, operations: str, **options: Any) -> None:
        """Write a migration that may use the operations."""
        super().write(app, name, operations, **options)
        path = self.directory / self.package / app / f"{name}.py"
        path.write_text(IMPORT + path.read_text())

    def write_runs(self) -> None:
        """Write what makes the table and one that points at it."""
        self.write("stray", "0001_run", RUN)

    def write_move(self, operations: str = MOVE) -> None:
        """Write what moves it."""
        self.write("meadow", "0001_move", operations, after=(("stray", "0001_run"),))

    def make_runs(self) -> None:
        """Make the table, with three rows."""
        self.write_runs()
        self.migrate("stray")
        self.as_login("web", "INSERT INTO public.runs (note) VALUES ('a'), ('b'), ('c')")

    def connect(self, service: str) -> psycopg.Connection:
        """Connect as a service's own login."""
        parameters = {**get_parameters(connections[ALIAS]), "user": f"moving_{service}_rw"}
        return psycopg.connect(**parameters, autocommit=True)

    def as_login(self, service: str, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement as a service's own login; give its rows."""
        with self.connect(service) as session:
            cursor = session.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def wait_until(self, statement: str, number: int) -> None:
        """Wait until a statement gives at least a number."""
        deadline = time.monotonic() + 30
        while self.query(statement)[0][0] < number:
            assert time.monotonic() < deadline, f"{statement} gives less than {number}"
            time.sleep(0.01)

    def migrate_in_thread(self, *arguments: str) -> None:
        """Run `manage.py migrate` on a connection of the thread's own."""
        try:
            self.migrate(*arguments)
        finally:
            connections[ALIAS].close()

    def tell_drift(self) -> list[str]:
        """Give what differs from what is declared, a line each."""
        with psycopg.connect(**self.server, autocommit=True) as session:
            return [
                f"{each.rule} {each.object}: {each.message}" for each in find_drift(session, get_ownership(), anew=True)
            ]

    def list_names(self) -> list[tuple[Any, ...]]:
        """Give every relation of the tests', with its kind and owner, and the constraints."""
        return self.query(NAMES)

    def list_rights(self) -> list[tuple[Any, ...]]:
        """Give who holds what on the tests' relations, as the catalogue has it."""
        return self.query(RIGHTS)

    def clear(self) -> None:
        """Take away all that a test made, and leave Django's own tables."""
        connections[ALIAS].close()
        for kind, name in self.query(MADE):
            self.query(f"DROP {kind} IF EXISTS {name} CASCADE")
        for (function,) in self.query("SELECT oid::regprocedure::text FROM pg_proc WHERE proname ~ '^mirror_'"):
            self.query(f"DROP FUNCTION {function} CASCADE")
        types = "SELECT id FROM auth.django_content_type WHERE app_label = ANY (%s)"
        self.query(f"DELETE FROM auth.auth_permission WHERE content_type_id IN ({types})", [*APPS])
        self.query("DELETE FROM auth.django_content_type WHERE app_label = ANY (%s)", [*APPS])
        self.query("DELETE FROM public.django_migrations WHERE app = ANY (%s)", [*APPS])
        self.clear_history()
        self.forget_modules()


NAMES = """
    SELECT n.nspname || '.' || c.relname, c.relkind::text, pg_get_userbyid(c.relowner)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('app', 'auth', 'public') AND c.relname ~ '^(runs|jobs|gate|door|steps)'
    UNION ALL
    SELECT c.conrelid::regclass || ' ' || c.conname, 'constraint', pg_get_constraintdef(c.oid)
    FROM pg_constraint c
    JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname IN ('app', 'auth', 'public') AND t.relname ~ '^(runs|jobs|gate|door|steps)' AND c.contype <> 'n'
    ORDER BY 1, 2, 3
"""
RIGHTS = """
    SELECT c.relkind::text, c.relnamespace::regnamespace::text, c.relname::text, x.grantee::regrole::text,
        x.grantor::regrole::text, string_agg(x.privilege_type, ' ' ORDER BY x.privilege_type)
    FROM pg_class c, aclexplode(c.relacl) x
    WHERE c.relname ~ '^(runs|jobs|gate|door|steps)'
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4
"""
MADE = """
    SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.oid::regclass::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('app', 'auth', 'public') AND c.relkind IN ('v', 'r')
        AND c.relname ~ '^(runs|jobs|gate|door|steps)'
    ORDER BY c.relkind DESC
"""


def declare(patch: pytest.MonkeyPatch, policies: list[DatabasePolicy]) -> None:
    """Let these be the policies beside the models."""
    tables = {(each.schema, each.table) for each in policies}
    patch.setattr(declared, "list_policies", lambda ownership: policies)
    patch.setattr(declared, "list_row_security", lambda ownership: [RowSecurity(*table) for table in tables])


def open_moving_estate(directory: Path, server: dict[str, Any], settings: Any) -> Iterator[MovingEstate]:
    """Give the estate of one test, clean again afterwards."""
    sys.path.insert(0, str(directory))
    estate = MovingEstate(directory, server, settings)
    yield estate
    estate.clear()
    sys.path.remove(str(directory))
