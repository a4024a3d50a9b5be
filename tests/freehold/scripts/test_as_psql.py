"""A file through psql and through us gives the same catalogue, or is refused by both."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings, strategies as st
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus
from pytest_django import DjangoDbBlocker

from freehold import embedded
from freehold.scripts.pairs import ScriptFileError, read_script
from tests.dialect import DIALECT
from tests.freehold.estates import get_server

pytestmark = pytest.mark.postgresql
SNAPSHOT = """
    SELECT p.proname::text, pg_get_function_arguments(p.oid), p.prosrc, pg_get_function_sqlbody(p.oid)
    FROM pg_proc p WHERE p.pronamespace = 'cut'::regnamespace
    UNION ALL SELECT c.relname::text, c.relkind::text, a.attname, NULL
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'cut'::regnamespace
    UNION ALL SELECT 'row', number::text, note, NULL FROM cut.notes
    ORDER BY 1, 2, 3
"""
FRESH = """
    DROP SCHEMA IF EXISTS cut CASCADE; CREATE SCHEMA cut; CREATE TABLE cut.notes (number serial, note text);
    CREATE TABLE cut.words ("begin" int, "end" int, "case" int)
"""
# Each is given a name of its own.
STATEMENTS = (
    "CREATE FUNCTION cut.f{n}(begin int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    'CREATE FUNCTION cut.f{n}("end" int, "case" int) RETURNS int LANGUAGE sql AS $$SELECT 1; $$',
    "CREATE FUNCTION cut.f{n}() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END",
    "CREATE OR REPLACE FUNCTION cut.f{n}() RETURNS int BEGIN ATOMIC SELECT w.begin FROM cut.words w; END",
    "CREATE FUNCTION cut.f{n}() RETURNS int BEGIN ATOMIC SELECT w.case FROM cut.words w; SELECT 1; END",
    "CREATE FUNCTION cut.f{n}() RETURNS int BEGIN ATOMIC SELECT 1 AS end; SELECT 2; END",
    "CREATE FUNCTION cut.f{n}() RETURNS int BEGIN ATOMIC SELECT 1 AS case; SELECT 2 AS end; END",
    "CREATE FUNCTION cut.f{n}() RETURNS int BEGIN ATOMIC SELECT (SELECT w.end FROM cut.words w); END",
    "CREATE PROCEDURE cut.begin() BEGIN ATOMIC END",
    'CREATE PROCEDURE cut.p{n}(INOUT begin int, INOUT "end" int) LANGUAGE plpgsql AS $b$ BEGIN NULL; END; $b$',
    "create /* of */ or replace -- it\n function cut.f{n}() returns int language sql return 1",
    "CREATE RULE r{n} AS ON DELETE TO cut.notes DO ALSO (SELECT 1; SELECT 2)",
    "CREATE TABLE cut.t{n} (begin int, \"end\" int, c text DEFAULT 'a;''b')",
    "CREATE TABLE cut.{n}$a (a int)",
    "INSERT INTO cut.notes (note) VALUES (E'one'\n 'a\\'b;' -- it's\n ' c')",
    "INSERT INTO cut.notes (note) VALUES ('one' -- ;\n 'a\\'), (E'\\\\'), ('')",
    "INSERT INTO cut.notes (note) VALUES (U&'d\\0061;t''a'), (N'a;'), ($x$ $$;$y$ ' $x$), ($é$;$é$)",
    "INSERT INTO cut.notes (note) SELECT CASE WHEN 1 < 2 THEN 'a' END /* /* ; */ ' */",
    'SELECT 1 AS "a;""b", 2 AS é$x$, 3 -+- 4 -- ; \r, 5',
    "DO $do$ BEGIN PERFORM 1; END; $do$",
    "SELECT 1*/* ; */2 AS begin",
)
SPOILERS = (
    "",
    " ;",
    "(",
    ")",
    "'",
    '"',
    "$$",
    "/*",
    "*/",
    "--",
    "E'",
    "\\",
    "begin",
    "end",
    "case",
    "atomic",
    "'\n'",
    "\r",
    "$a",
)
ENDING = st.sampled_from(["COMMIT", "ROLLBACK", "END", "ABORT", "BEGIN", "end ", "/* x */ commit and chain"])


@st.composite
def scripts(draw: st.DrawFn) -> str:
    """Statements that psql and the server may cut in different places, some of them spoiled."""
    texts = []
    for number, text in enumerate(draw(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=5))):
        text = text.replace("{n}", f"n{number}")
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
            place = draw(st.integers(0, len(text)))
            text = f"{text[:place]}{draw(st.sampled_from(SPOILERS))}{text[place:]}"
        texts.append(text)
        if draw(st.sampled_from([False] * 6 + [True])):
            texts.append(draw(ENDING))
    return draw(st.sampled_from([";\n", ";", " ; ;\t"])).join(texts)


@pytest.fixture(scope="module")
def database(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Give a superuser's parameters of an empty database."""
    if DIALECT != "postgresql":
        pytest.skip("is about postgresql")
    name = f"cut_{os.getpid()}"
    with psycopg.connect(**get_server(), autocommit=True) as root:
        root.execute(f"CREATE DATABASE {name}")
        yield {**get_server(), "dbname": name}
        root.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run_psql(database: dict[str, Any], text: str, folder: Path) -> bool:
    """Run the text in one transaction; tell whether psql took it."""
    path = folder / "x.sql"
    path.write_bytes(text.encode())
    options = ["-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", str(path), "-d", make_conninfo(**database)]
    command, environment = embedded.get_psql(connections.settings["default"]["OPTIONS"]["embedded"], options)
    environment["PGCLIENTENCODING"] = "UTF8"
    return not subprocess.run(command, capture_output=True, env=environment, check=False).returncode


def run_ours(root: psycopg.Connection, path: Path) -> bool:
    """Run the file in one transaction; tell whether it was taken. No statement of it may end the transaction."""
    try:
        script = read_script(path)
    except ScriptFileError:
        return False
    try:
        with root.transaction():
            for statement in script.statements:
                try:
                    root.execute(statement.text)  # type: ignore[arg-type]  # a text of a test
                finally:
                    status = root.info.transaction_status
                    assert status in (TransactionStatus.INTRANS, TransactionStatus.INERROR), statement.text
    except psycopg.Error:
        return False
    return True


def compare(database: dict[str, Any], folder: Path, text: str) -> tuple[Any, Any]:
    """Give what stands in the database after psql and after us; None where the script was refused."""
    found = []
    with psycopg.connect(**database, autocommit=True) as root:
        for run in (partial(run_psql, database, text, folder), partial(run_ours, root, folder / "x.sql")):
            root.execute(FRESH)
            is_taken = run()
            found.append(root.execute(SNAPSHOT).fetchall() if is_taken else None)
    return found[0], found[1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=scripts())
def test_generated_script_gives_what_it_gives_through_psql(database: dict[str, Any], tmp_path: Path, text: str) -> None:
    psqls, ours = compare(database, tmp_path, text)

    assert ours == psqls or (ours is None and is_for_psql_alone(tmp_path / "x.sql"))


def is_for_psql_alone(path: Path) -> bool:
    """Tell whether a file is refused for what only psql may do: end a transaction, or read commands of its own."""
    try:
        read_script(path)
    except ScriptFileError as error:
        return "no place here" in str(error)
    return False


# --- Files of others -------------------------------------------------------------------------------------------------
def list_texts() -> list[str]:
    """Give what SQL files of installed packages hold, each once, as psql takes them: without its commands, and with a
    library's name where an extension's file leaves it to the server."""
    folders = [Path(folder) for folder in sys.path if folder.endswith("-packages")]
    found = {path.read_bytes() for folder in folders for path in folder.rglob("*.sql")}
    texts = (text.decode(errors="replace") for text in sorted(found))
    return [re.sub(r"(?m)^\\\\.*$", "", text).replace("@extschema@", "cut").replace("\\0", "") for text in texts]


def test_every_installed_file_gives_what_it_gives_through_psql(database: dict[str, Any], tmp_path: Path) -> None:
    texts = list_texts()

    for text in texts:
        psqls, ours = compare(database, tmp_path, f"SET search_path = cut;\n{text}")

        assert ours == psqls or (ours is None and is_for_psql_alone(tmp_path / "x.sql")), text[:500]
    assert texts
