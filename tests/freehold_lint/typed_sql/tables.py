"""Tables with NULL in all the places where it may be, and statements that run over them as they were compiled."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from psycopg.pq import ExecStatus

from freehold.queries import Query
from freehold.queries.engines import Statement
from freehold.queries.postgresql import PostgreSQLEngine, _prepare, encode
from freehold_lint.typed_sql.compilation import Compiled, compile_source
from freehold_lint.typed_sql.modules import write_module
from freehold_lint.typed_sql.preparing import Preparer
from freehold_lint.typed_sql.sources import read_source

HEADER = "-- name: show\n-- kind: many\n-- purpose: what a test looks at\n"
TABLES = """
CREATE SCHEMA zz;
CREATE TYPE zz.mood AS ENUM ('glad', 'sad, "so"', 'NULL');
CREATE DOMAIN zz.given AS text NOT NULL;
CREATE DOMAIN zz.whole AS int;
CREATE TABLE zz.a (
    id int PRIMARY KEY, name text NOT NULL, note text, tags text[] NOT NULL, data jsonb NOT NULL,
    price numeric NOT NULL,
    mood zz.mood NOT NULL, moods zz.mood[] NOT NULL, docs jsonb[] NOT NULL, dom zz.given,
    twice text GENERATED ALWAYS AS (note || note) STORED
);
CREATE TABLE zz.b (id int PRIMARY KEY, a_id int, name text NOT NULL, c_id int, mark float8 NOT NULL);
CREATE TABLE zz.c (id int PRIMARY KEY, name text NOT NULL, note text, made date NOT NULL);
CREATE TABLE zz.parent (id int NOT NULL NO INHERIT, name text NOT NULL);
CREATE TABLE zz.child () INHERITS (zz.parent);
CREATE FUNCTION zz.count(int) RETURNS int LANGUAGE sql RETURN NULL::int;
INSERT INTO zz.a (id, name, note, tags, data, price, mood, moods, docs, dom) VALUES
    (1, 'a', NULL, '{x,NULL}', 'null', 1, 'glad', '{glad,NULL,"sad, \\"so\\"","NULL"}',
        '{"{\\"k\\": [1]}",NULL,"null"}', 'd'),
    (2, '', 'n', '{}', '{"k": null}', 'NaN', 'NULL', '{}', '{}', (SELECT a.dom FROM zz.a WHERE false)),
    (3, 'c', '', '{y}', '[1]', 0, 'sad, "so"', '{NULL}', '{2}', 'e');
INSERT INTO zz.b VALUES (1, 1, 'b', NULL, 1), (2, NULL, '', 9, 0), (3, 7, 'q', 1, 2), (4, 3, 'r', 1, 3);
INSERT INTO zz.c VALUES (1, 'c', NULL, now()), (2, '', 'x', now());
INSERT INTO zz.parent VALUES (1, 'p');
INSERT INTO zz.child VALUES (NULL, 'q');
"""
HEIR = (
    "INHERITS (zz.parent);",
    "INHERITS (zz.parent); ALTER TABLE zz.child ALTER COLUMN id DROP NOT NULL;",
)  # before 18


def is_18(preparer: Preparer) -> bool:
    return preparer.connection.info.server_version >= 180_000


def compile_here(preparer: Preparer, text: str, *lines: str, kind: str = "many") -> Compiled:
    path = Path("sql/item/show.sql")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER.replace("many", kind) + "".join(f"-- {line}\n" for line in lines) + text + "\n")
    return compile_source(read_source(path), preparer, "")


def import_module(compiled: Compiled, monkeypatch: pytest.MonkeyPatch) -> Any:
    module = ModuleType("generated")
    monkeypatch.setitem(sys.modules, "generated", module)
    exec(write_module([(compiled, compiled.source)], "items/sql/item"), module.__dict__)
    return module


def run(preparer: Preparer, query: Query[Any], values: dict[str, Any]) -> list[Any]:
    """Give the rows, as the engine makes them; nothing is left behind."""
    joined = query.join("postgresql")
    statement = Statement(query.file, joined, [values[each.name] for each in joined.parameters], query.columns)
    prepared = _prepare(statement)
    with preparer.connection.transaction(force_rollback=True):
        result = preparer.connection.pgconn.exec_params(
            joined.text.encode(),
            encode(statement, prepared, statement.values),
            prepared.types,
            prepared.formats,  # type: ignore[arg-type]
            prepared.result_format,
        )
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            raise psycopg.errors.error_from_result(result)
        return PostgreSQLEngine(None).read(statement, prepared, result)
