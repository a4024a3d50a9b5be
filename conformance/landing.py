"""Looks in the catalogue where the tables are, and refuses a table that lands under a name with its schema in it.

A run whose tables all lie in `public`, one of them called `conformance.item` as a whole, would pass and prove nothing.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, router

from conformance.modes import MOVED, SCHEMA
from conformance.order import read_order
from conformance.outcomes import Landing

# Sequences keep their count when a transaction is undone, and the server's log keeps its lines: so what a test made and
# took back is known too.
WATCH = """
CREATE SCHEMA conformance_watch;
CREATE SEQUENCE conformance_watch.made;
CREATE FUNCTION conformance_watch.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    made record;
    called name;
BEGIN
    FOR made IN
        SELECT * FROM pg_catalog.pg_event_trigger_ddl_commands() WHERE object_type = 'table' AND NOT in_extension
    LOOP
        SELECT relname INTO called FROM pg_catalog.pg_class WHERE oid = made.objid;
        IF called LIKE '{schema}.%' THEN
            RAISE EXCEPTION 'table "%" of schema "%" has a schema in its name', called, made.schema_name;
        ELSIF made.schema_name = '{schema}' THEN
            PERFORM pg_catalog.nextval('conformance_watch.made');
        ELSIF made.schema_name <> 'pg_temp' THEN
            RAISE LOG 'conformance: elsewhere %.%', made.schema_name, called;
        END IF;
    END LOOP;
END
$$;
CREATE EVENT TRIGGER conformance_watch ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE')
    EXECUTE FUNCTION conformance_watch.watch();
"""
LIST_TABLES = """
SELECT n.nspname, c.relname
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('p', 'r') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'conformance_watch')
"""
LIST_FILE_TABLES = "SELECT '', name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"


def install() -> None:
    """Have every test database watched as soon as it is made, before its first table."""
    order = read_order()
    if order.mode is MOVED and order.dialect == "postgresql":
        from freehold.backends.creation import database_created

        database_created.connect(watch, dispatch_uid="conformance")


def watch(connection: Any, **kwargs: Any) -> None:
    """Put the event trigger into the database. Receives `database_created`."""
    with connection.cursor() as cursor:
        cursor.execute(WATCH.format(schema=SCHEMA))


def read_all(expected: dict[str, set[str]]) -> dict[str, Landing]:
    """Give where the tables of each database are that has these of models; nothing where they are not moved."""
    if read_order().mode is not MOVED:
        return {}
    return {alias: read(connections[alias], tables) for alias, tables in expected.items()}


def read(connection: Any, expected: set[str]) -> Landing:
    """Give where the tables of the database are, and what of the models' is missing there."""
    is_file = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(LIST_FILE_TABLES if is_file else LIST_TABLES)
        found = {name if is_file else f"{schema}.{name}" for schema, name in cursor.fetchall()}
        return Landing(
            models=len(expected),
            missing=sorted(expected - found),
            elsewhere=sorted(name for name in found if not name.startswith(f"{SCHEMA}.")),
            made=len(expected) if is_file else count_made(cursor),
        )


def count_made(cursor: Any) -> int:
    """Give how many tables were made or altered in the schema, also by what was undone."""
    cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM conformance_watch.made")
    made: int = cursor.fetchone()[0]
    return made


def list_model_tables(alias: str) -> set[str]:
    """Give the tables that migrate makes in this database."""
    return {
        model._meta.db_table
        for config in apps.get_app_configs()
        for model in router.get_migratable_models(config, alias, include_auto_created=True)
        if model._meta.can_migrate(alias)
    }
