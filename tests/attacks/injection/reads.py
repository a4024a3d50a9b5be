"""What can be read: every view and table of the catalogue, every function, and rows by operators that say too much."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

import psycopg

from tests.attacks.injection import MARK
from tests.attacks.injection.attempts import Attempt, spread, steal, steal_as_text
from tests.attacks.injection.estate import Estate, digest, get_session_proof

MOST_CALLS = 100  # of one function: five texts would make too many
RELATIONS = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') ORDER BY n.nspname, c.relname
"""
FUNCTIONS = """
SELECT format('%I.%I', n.nspname, p.proname), p.proargtypes::regtype[]::text[], p.proretset
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind = 'f' ORDER BY 1
"""
FILES = (
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_read_binary_file('pg_hba.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_ls_logdir()",
    "SELECT pg_ls_waldir()",
    "SELECT pg_current_logfile()",
    "SELECT pg_read_file(current_setting('log_directory'))",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_stat_file('base')",
    "SELECT pg_ls_tmpdir()",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
)
ABROAD = (
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION postgres_fdw",
    "CREATE EXTENSION pageinspect",
    "CREATE EXTENSION amcheck",
    "CREATE EXTENSION pg_stat_statements",
    "LOAD 'auto_explain'",
    "SELECT dblink('', 'SELECT 1')",
    "CREATE SERVER x FOREIGN DATA WRAPPER y",
    "SELECT pg_create_logical_replication_slot('x', 'test_decoding')",
    "SELECT pg_create_physical_replication_slot('x')",
    "SELECT pg_logical_slot_peek_changes('x', NULL, NULL)",
    "CREATE PUBLICATION x FOR ALL TABLES",
    "SELECT get_raw_page('app.items', 0)",
    "SELECT pg_get_wal_records_info('0/0', '0/1')",
    "IDENTIFY_SYSTEM",
    "SELECT pg_export_snapshot()",
    "SELECT pg_switch_wal()",
    "SELECT pg_backup_start('x')",
    "SELECT pg_log_backend_memory_contexts(pg_backend_pid())",
    "SELECT pg_stat_get_activity(NULL)",
)
XML = (
    "query_to_xml($${steal}$$, true, false, '')",
    "table_to_xml('{table}', true, false, '')",
    "query_to_xml_and_xmlschema($${steal}$$, true, false, '')",
)
BLOCKS = (
    "DO $$BEGIN PERFORM 1; END$$",
    "DO LANGUAGE sql $$SELECT 1$$",
    "DO $$BEGIN SET LOCAL row_security = off; END$$",
    "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE PROCEDURE pg_temp.p() LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.1 AS "
    "$$BEGIN RAISE NOTICE '%', $1; RETURN true; END$$",
    "CREATE OPERATOR pg_temp.=== (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text)",
    "CALL pg_temp.p()",
)
SHAPES = (
    "TABLE {table}",
    "SELECT * FROM ONLY {table}",
    "SELECT t FROM {table} AS t",
    "SELECT row_to_json(t) FROM {table} t",
    "SELECT json_agg(t)::text FROM {table} t",
    "SELECT * FROM {table} TABLESAMPLE SYSTEM (100)",
    "SELECT t.* FROM {table} t FOR KEY SHARE",
    "SELECT ctid, xmin, tableoid, t::text FROM {table} t",
    "SELECT t::text FROM {table} t WHERE ctid = ANY (ARRAY['(0,1)', '(0,2)', '(0,3)', '(1,1)']::tid[])",
    "SELECT t::text FROM {table} t FULL JOIN (SELECT 1 AS one) o ON true",
    "WITH RECURSIVE r AS (SELECT t::text AS x FROM {table} t UNION SELECT x FROM r) SELECT x FROM r",
    "SELECT t::text, count(*) OVER () FROM {table} t",
    "SELECT t::text FROM {table} t ORDER BY random()",
    "(SELECT t::text FROM {table} t) EXCEPT ALL (SELECT '')",
    "SELECT string_agg(t::text, ',') FILTER (WHERE true) FROM {table} t",
    "SELECT t::text FROM {table} t GROUP BY CUBE (t)",
    "COPY {table} TO STDOUT",
    "COPY (SELECT * FROM {table}) TO STDOUT WITH (FORMAT binary)",
    "COPY {table} TO PROGRAM 'cat'",
    "COPY {table} TO '/tmp/x'",
    "DECLARE c CURSOR WITH HOLD FOR SELECT t::text FROM {table} t; FETCH ALL c",
    "SELECT a::text FROM {table} a, {table} b WHERE a.* = b.* LIMIT 50",
)


def iter_catalogue(catalogue: psycopg.Connection, estate: Estate) -> Iterator[Attempt]:
    """Yield a reading of everything that rows can be read from."""
    for (name,) in catalogue.execute(RELATIONS).fetchall():
        ways = (
            ("page", "simple")
            if not name.startswith("pg_catalog.pg_st")
            else ("page", "page, transaction", "simple", "extended")
        )
        marked = f"SELECT t::text FROM {name} AS t WHERE t::text LIKE '%{MARK}%' LIMIT 200"
        yield from spread("catalogue", name, marked, ways=ways)
        yield from spread("catalogue", f"{name}, first rows", f"SELECT * FROM {name} LIMIT 50", ways=("page",))
    for statement in FILES:
        yield from spread("files", statement, statement)
    for statement in ABROAD:
        yield from spread("elsewhere", statement, statement)


def iter_functions(catalogue: psycopg.Connection, estate: Estate) -> Iterator[Attempt]:
    """Yield calls of every function outside of the catalogue, with what belongs to others for arguments."""
    for name, types, returns_set in catalogue.execute(FUNCTIONS).fetchall():
        given_to_it = product(*(list_arguments(each, estate) for each in types))
        for given in islice(given_to_it, MOST_CALLS):
            call = f"{name}({', '.join(given)})"
            sql = f"SELECT f::text FROM {call} AS f" if returns_set else f"SELECT {call}::text"
            yield from spread("functions", call[:120], sql, ways=("page", "extended"))


def list_arguments(type_: str, estate: Estate) -> list[str]:
    """Give what a function may be asked about, of a type; no proof of a session that lasts, which nobody has."""
    bob, row_key = estate.bob, digest(get_session_proof(estate.bob.key)[8:])
    texts = (
        "user",
        "session",
        bob.user_id,
        bob.email,
        row_key,
        "api_rw",
        f"session:{row_key}",
        "'::uuid",
        "",
        *estate.ended.values(),
    )
    known = {
        "text": [f"'{each.replace(chr(39), chr(39) * 2)}'::text" for each in texts],
        "uuid": [f"'{each}'::uuid" for each in (bob.user_id, bob.tenant_id, bob.project_id)],
        "text[]": ["ARRAY['owner', 'admin', 'member', 'viewer']"],
        "integer": ["60", "-1"],
    }
    found = known.get(type_, [f"NULL::{type_}"])
    return found[:12]


def iter_leaks(estate: Estate) -> Iterator[Attempt]:
    """Yield conditions and casts that tell of rows before a policy has looked at them, where they could."""
    whole = steal_as_text(estate)
    for table, columns in estate.tables.items():
        for column in columns:
            yield from iter_column_leaks(table, column)
        for shape in SHAPES:
            ways = ("COPY",) if "STDOUT" in shape else ("page", "extended")
            statements = shape.format(table=table).split("; ")
            yield from spread("shapes", statements[0], *statements, ways=ways)
        yield from spread(
            "counts", f"count of {table}", f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%{MARK}%'", counts=True
        )
        yield from spread(
            "counts",
            f"exists in {table}",
            f"SELECT count(*) FROM (SELECT 1 WHERE EXISTS (SELECT FROM {table} t WHERE t::text LIKE '%{MARK}%')) x",
            counts=True,
        )
        yield from spread(
            "counts",
            f"division by the number in {table}",
            f"SELECT 1 / (CASE WHEN EXISTS (SELECT FROM {table} t WHERE t::text LIKE '%{MARK}%') THEN 0 ELSE 1 END)",
            tells=("22012",),
        )
    for xml in XML:
        for table in estate.tables:
            yield from spread(
                "XML",
                xml[:20] + table,
                "SELECT " + xml.format(steal=steal(estate), table=table),
                ways=("page", "extended"),
            )
    for text in (
        f"cast({whole} AS integer)",
        f"{whole}::inet",
        f"({whole})::xml",
        f"lo_from_bytea(0, {whole}::bytea)",
        f"pg_notify('x', {whole})",
    ):
        yield from spread("in an expression", text[:24], text, ways=("RawSQL",))
        yield from spread("in an expression", text[:24], f"' OR {text}::text = 'x' --", ways=("literal",))
    for text in (whole, f"(SELECT pg_sleep(0) FROM app.items WHERE name LIKE '{MARK}%')"):
        yield from spread("in an expression", f"ORDER BY {text[:24]}", text, ways=("ORDER BY",))
    for text in (
        "true",
        "true) OR (true",
        "1=1 --",
        "user_id IS NOT NULL",
        f"name::text LIKE '%{MARK}%'",
        "name::integer = 1",
        "is_active = false",
        "true) UNION SELECT name FROM app.items --",
        "EXISTS (SELECT FROM app.favorites WHERE 1 / position('x' IN id::text) = 1)",
    ):
        yield from spread("in a condition", text, text, ways=("extra()", "iterator()"))
    for text in (
        "' OR '1' = '1",
        f"' UNION SELECT name FROM app.items WHERE name LIKE '{MARK}%' --",
        "' OR name::int = 1 --",
        "'; SELECT 1; --",
        "'; ROLLBACK; --",
        "\\' OR true --",
    ):
        yield from spread("in a literal", text, text, ways=("literal",))
    for block in BLOCKS:
        yield from spread("code", block, block, steal(estate))


def iter_column_leaks(table: str, column: str) -> Iterator[Attempt]:
    """Yield what fails with a value in its words, or tells it elsewhere, for one column."""
    for type_ in ("integer", "date", "inet", "json", "xml"):
        yield from spread(
            "casts",
            f"{table}.{column} to {type_}",
            f"SELECT count(*) FROM {table} t WHERE t.{column}::text::{type_} IS NULL",
            ways=("page", "extended"),
        )
    text = f"t.{column}::text"
    told = {
        "set_config": f"set_config('leak.seen', concat(current_setting('leak.seen', true), {text}), false)",
        "pg_notify": f"pg_notify('leak', {text})",
        "a pattern": f"regexp_replace({text}, '(', '')",
        "a query": f"query_to_xml(format('SELECT %L::integer', {text}), true, false, '')",
        "to_regclass": f"({text})::regclass",
        "lo_from_bytea": f"lo_from_bytea(0, convert_to({text}, 'UTF8'))",
    }
    for name, call in told.items():
        yield from spread(
            "leaks",
            f"{table}.{column} by {name}",
            f"SELECT count(*) FROM {table} t WHERE {call}::text IS NULL",
            "SELECT current_setting('leak.seen', true)",
            "SELECT lo_get(oid) FROM pg_largeobject_metadata LIMIT 20",
            "SELECT set_config('leak.seen', '', false)",
            ways=("page", "simple"),
        )
