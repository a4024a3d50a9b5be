"""What a project's database holds, by the place where it lies, and decoys beside it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from typing import Any

import psycopg
from django.apps import apps
from psycopg import sql

from tests.freehold.adoption.conftest import Project
from tests.freehold.backends.postgresql.catalogue import list_names, read_catalogue

OF_OTHERS = ("django_migrations", "sqlite_sequence")  # Django's table of migrations, SQLite's counters
DECOY = "decoy"
State = dict[str, Any]

SCHEMAS = "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)' ORDER BY 1"
# Copies that take NULL everywhere, so that each gets a row; with indexes and constraints of the same names.
INDEXES = """
    SELECT pg_get_indexdef(c.oid) FROM pg_class c WHERE c.relkind = 'i' AND c.relnamespace = %s::regnamespace
"""
CONSTRAINTS = """
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.contype IN ('f', 'c') AND c.relnamespace = %s::regnamespace
"""


def list_engine_tables() -> tuple[str, ...]:
    """Give the bare names of tables that no app of the samples makes: the engine's, and those of others."""
    models = apps.get_app_config("freehold").get_models()
    return (*OF_OTHERS, *(model._meta.db_table.rpartition(".")[2] for model in models))


def read_state(project: Project) -> State:
    """Give definitions and decoys' rows by schema, or by what stands before the dot; the engine's own are left out."""
    engine = list_engine_tables()
    if project.server is None:
        with closing(sqlite3.connect(project.directory / "local.db")) as file:
            return read_file(file, engine)
    with psycopg.connect(**project.server) as connection, connection.cursor() as cursor:
        schemas = [name for (name,) in cursor.execute(SCHEMAS).fetchall()]
        state: State = {name: read_catalogue(cursor, name) for name in schemas}
        public = state["public"]
        state["public"] = {
            kind: [row for row in rows if not row[0].startswith(engine)] for kind, rows in public.items()
        }
        tables = list_names(state[DECOY], "tables") if DECOY in state else []
        rows = {name: cursor.execute(f'SELECT * FROM {DECOY}."{name}"').fetchall() for name in tables}
    return state | ({"rows": rows} if rows else {})


def read_file(file: sqlite3.Connection, engine: tuple[str, ...]) -> State:
    """Give what lies in a file of SQLite's."""
    state: State = defaultdict(list)
    for table, *found in file.execute(
        "SELECT tbl_name, type, name, sql FROM sqlite_master ORDER BY 1, 2, 3"
    ).fetchall():
        place, _, bare = table.rpartition(".")
        if bare not in engine:
            state[place].append((table, *found))
        if bare not in engine and place in ("", DECOY):
            state["rows"].append(file.execute(f'SELECT * FROM "{table}"').fetchall())
    return dict(state)


def list_tables(project: Project, schema: str) -> set[str]:
    """Give the bare names of the tables in the schema, or behind its name."""
    found = read_state(project).get(schema, [])
    if project.server is None:
        return {table.removeprefix(f"{schema}.") for table, kind, *_ in found if kind == "table"}
    return set(list_names(found, "tables"))


def make_decoys(project: Project, schema: str, owner: str) -> None:
    """Put a table with a row beside each one of the schema, under its name, where a bare name is looked for first."""
    if project.server is None:
        with closing(sqlite3.connect(project.directory / "local.db")) as file:
            copy_tables(file, schema)
        return
    with psycopg.connect(**project.server, autocommit=True) as connection, connection.cursor() as cursor:
        found = read_catalogue(cursor, schema)
        cursor.execute(f"CREATE SCHEMA {DECOY}")
        for name in list_names(found, "tables"):
            cursor.execute(f'CREATE TABLE {DECOY}."{name}" AS SELECT * FROM {schema}."{name}" WITH NO DATA')
        for statement in list_copies(cursor, schema):
            cursor.execute(statement.replace(f"{schema}.", f"{DECOY}."))
        for name in list_names(found, "tables"):
            cursor.execute(f'INSERT INTO {DECOY}."{name}" DEFAULT VALUES')
        for name in list_names(found, "sequences"):
            cursor.execute(f'CREATE SEQUENCE {DECOY}."{name}"')
        hand_over(cursor, found, owner)
    project.environment["PGOPTIONS"] = f"-c search_path={DECOY},public"


def copy_tables(file: sqlite3.Connection, schema: str) -> None:
    """Make two decoys of each table: behind another schema's name, and bare."""
    names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    for name in names:
        if name.startswith(f"{schema}."):
            for prefix in (f"{DECOY}.", ""):
                copy = prefix + name.removeprefix(f"{schema}.")
                file.execute(f'CREATE TABLE "{copy}" AS SELECT * FROM "{name}" WHERE false')
                file.execute(f'INSERT INTO "{copy}" DEFAULT VALUES')
    file.commit()


def list_copies(cursor: psycopg.Cursor[Any], schema: str) -> list[str]:
    """Give the statements that made the schema's indexes and constraints, the keys' indexes as unique ones."""
    indexes = [definition for (definition,) in cursor.execute(INDEXES, [schema]).fetchall()]
    return indexes + [
        f'ALTER TABLE {schema}."{table}" ADD CONSTRAINT "{name}" {definition}'
        for table, name, definition in cursor.execute(CONSTRAINTS, [schema]).fetchall()
    ]


def hand_over(cursor: psycopg.Cursor[Any], found: dict[str, list[Any]], owner: str) -> None:
    """Let the owner of the real tables own the decoys: it could drop them."""
    role = sql.Identifier(owner)
    cursor.execute(sql.SQL("ALTER SCHEMA {} OWNER TO {}").format(sql.Identifier(DECOY), role))
    for kind, word in (("tables", "TABLE"), ("sequences", "SEQUENCE")):
        for name in list_names(found, kind):
            statement = sql.SQL(f"ALTER {word} {{}} OWNER TO {{}}")
            cursor.execute(statement.format(sql.Identifier(DECOY, name), role))
