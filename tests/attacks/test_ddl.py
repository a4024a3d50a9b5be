"""Every verb that makes, changes or drops something, tried by each service's own login."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from psycopg import errors

from config.ownership import OWNERSHIP
from freehold.ownership import Service

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

Connect = Callable[[str], psycopg.Connection]
SCHEMAS = ("auth", "master", "app", "public")
IN_SCHEMA = """
CREATE TABLE {schema}.attempt (id int)
CREATE TABLE {schema}.attempt AS SELECT 1 AS id
SELECT 1 AS id INTO {schema}.attempt
CREATE UNLOGGED TABLE {schema}.attempt (id int)
CREATE VIEW {schema}.attempt AS SELECT 1 AS id
CREATE MATERIALIZED VIEW {schema}.attempt AS SELECT 1 AS id
CREATE SEQUENCE {schema}.attempt
CREATE TYPE {schema}.attempt AS ENUM ('a')
CREATE TYPE {schema}.attempt AS (id int)
CREATE TYPE {schema}.attempt AS RANGE (SUBTYPE = int4)
CREATE DOMAIN {schema}.attempt AS int
CREATE FUNCTION {schema}.attempt() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE PROCEDURE {schema}.attempt() LANGUAGE sql AS 'SELECT 1'
CREATE FUNCTION {schema}.attempt() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'
CREATE AGGREGATE {schema}.attempt (int4) (SFUNC = int4pl, STYPE = int4)
CREATE OPERATOR {schema}.=== (FUNCTION = int4eq, LEFTARG = int4, RIGHTARG = int4)
CREATE OPERATOR FAMILY {schema}.attempt USING btree
CREATE COLLATION {schema}.attempt FROM "C"
CREATE CONVERSION {schema}.attempt FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8
CREATE TEXT SEARCH CONFIGURATION {schema}.attempt (COPY = simple)
CREATE TEXT SEARCH DICTIONARY {schema}.attempt (TEMPLATE = simple)
ALTER SCHEMA {schema} RENAME TO attempt
ALTER SCHEMA {schema} OWNER TO CURRENT_USER
DROP SCHEMA {schema} CASCADE
GRANT ALL ON SCHEMA {schema} TO PUBLIC
GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO PUBLIC
REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM migrator
COMMENT ON SCHEMA {schema} IS 'attempt'
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT ALL ON TABLES TO PUBLIC
"""
ON_TABLE = """
ALTER TABLE {table} ADD COLUMN attempt int
ALTER TABLE {table} DROP COLUMN id
ALTER TABLE {table} ALTER COLUMN id DROP DEFAULT
ALTER TABLE {table} RENAME TO attempt
ALTER TABLE {table} SET SCHEMA public
ALTER TABLE {table} OWNER TO CURRENT_USER
ALTER TABLE {table} DISABLE TRIGGER ALL
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY
ALTER TABLE {table} SET UNLOGGED
ALTER TABLE {table} SET (fillfactor = 50)
ALTER TABLE {table} REPLICA IDENTITY FULL
CREATE POLICY attempt ON {table} USING (true)
CREATE INDEX attempt ON {table} (id)
CREATE RULE attempt AS ON INSERT TO {table} DO INSTEAD NOTHING
CREATE STATISTICS ON id, created_at FROM {table}
CREATE PUBLICATION attempt FOR TABLE {table}
GRANT SELECT ON {table} TO PUBLIC
REVOKE ALL ON {table} FROM admin_rw
COMMENT ON TABLE {table} IS 'attempt'
DROP TABLE {table} CASCADE
"""
ANYWHERE = """
CREATE TEMPORARY TABLE attempt (id int)
CREATE SCHEMA attempt
ALTER EXTENSION plpgsql UPDATE
GRANT SELECT (id), UPDATE (name) ON app.items TO web_rw
GRANT SELECT (password) ON auth."user" TO api_rw
DROP EXTENSION plpgsql CASCADE
CREATE LANGUAGE attempt HANDLER plpgsql_call_handler
CREATE CAST (int4 AS text) WITH INOUT
CREATE FOREIGN DATA WRAPPER attempt
CREATE EVENT TRIGGER attempt ON ddl_command_start EXECUTE FUNCTION auth.end_sessions()
CREATE ACCESS METHOD attempt TYPE TABLE HANDLER heap_tableam_handler
CREATE ROLE attempt
CREATE ROLE attempt SUPERUSER
CREATE USER attempt IN ROLE postgres
DROP ROLE web_rw
ALTER ROLE CURRENT_USER SUPERUSER
ALTER ROLE CURRENT_USER BYPASSRLS
ALTER ROLE CURRENT_USER CREATEROLE
ALTER ROLE CURRENT_USER CREATEDB
ALTER ROLE CURRENT_USER REPLICATION
ALTER ROLE CURRENT_USER INHERIT
ALTER ROLE postgres PASSWORD 'attempt'
ALTER ROLE migrator PASSWORD 'attempt'
ALTER ROLE all_rw SET search_path = app
GRANT auth_owner TO CURRENT_USER
GRANT migrator TO CURRENT_USER
GRANT admin_rw TO CURRENT_USER
GRANT pg_read_all_data TO CURRENT_USER
REVOKE auth_owner FROM migrator
REASSIGN OWNED BY auth_owner TO CURRENT_USER
DROP OWNED BY auth_owner
ALTER DATABASE {database} SET row_security = off
ALTER DATABASE {database} OWNER TO CURRENT_USER
ALTER DATABASE {database} RENAME TO attempt
GRANT ALL ON DATABASE {database} TO PUBLIC
COMMENT ON DATABASE {database} IS 'attempt'
ALTER FUNCTION auth.session_principal(text) SECURITY INVOKER
ALTER FUNCTION auth.session_principal(text) OWNER TO CURRENT_USER
GRANT EXECUTE ON FUNCTION auth.session_principal(text) TO PUBLIC
DROP FUNCTION auth.session_principal(text)
CREATE PUBLICATION attempt FOR ALL TABLES
"""
ALONE = """
CREATE DATABASE attempt
DROP DATABASE {database}
ALTER SYSTEM SET row_security = off
CREATE TABLESPACE attempt LOCATION '/tmp'
CREATE SUBSCRIPTION attempt CONNECTION 'host=nowhere' PUBLICATION attempt WITH (connect = false)
CREATE INDEX CONCURRENTLY attempt ON app.items (id)
DROP INDEX CONCURRENTLY app.items_created_at_idx
REINDEX TABLE app.items
REINDEX SCHEMA app
"""
RIGHTS = """
SELECT md5(string_agg(acl, ',' ORDER BY acl)) FROM (
    SELECT concat('class', oid, relacl) FROM pg_catalog.pg_class UNION ALL
    SELECT concat('column', attrelid, attnum, attacl) FROM pg_catalog.pg_attribute WHERE attacl IS NOT NULL UNION ALL
    SELECT concat('schema', oid, nspacl) FROM pg_catalog.pg_namespace UNION ALL
    SELECT concat('database', oid, datacl) FROM pg_catalog.pg_database UNION ALL
    SELECT concat('function', oid, proacl) FROM pg_catalog.pg_proc WHERE proacl IS NOT NULL UNION ALL
    SELECT concat('member', roleid, member) FROM pg_catalog.pg_auth_members
) AS entry (acl)
"""
# What is refused before anybody's rights are looked at, since it names what is not there.
ABSENT = (errors.UndefinedObject, errors.UndefinedFunction, errors.UndefinedColumn, errors.InvalidParameterValue)
TABLES = ('auth."user"', "auth.session", "master.categories", "app.items", "app.api_keys", "public.migration_history")


def list_statements(database: str) -> list[str]:
    """Give every statement that can be tried inside a transaction."""
    schemas = {schema.name: schema for schema in OWNERSHIP.schemas}
    found = [
        line.format(schema=name, owner=schemas[name].owner)
        for name in SCHEMAS
        for line in IN_SCHEMA.split("\n")
        if line
    ]
    found += [line.format(table=table) for table in TABLES for line in ON_TABLE.split("\n") if line]
    return found + [line.format(database=database) for line in ANYWHERE.split("\n") if line]


def try_out(login: psycopg.Connection, statement: str) -> str:
    """Give how the attempt ended, empty where it was refused for want of a right.

    GRANT and REVOKE by someone who has nothing to give end in a warning: what counts is what the catalogue holds.
    """
    before = read_rights(login) if statement.startswith(("GRANT", "REVOKE")) else None
    try:
        login.execute(statement)  # type: ignore[arg-type]
    except errors.InsufficientPrivilege:
        return ""
    except ABSENT as error:
        return f"{statement}: {error.diag.message_primary}"
    except psycopg.Error as error:
        return f"{statement}: {type(error).__name__}: {error.diag.message_primary}"
    if before is not None and before == read_rights(login):
        return ""
    return f"{statement}: worked"


def read_rights(login: psycopg.Connection) -> object:
    """Give a digest of all rights on everything."""
    return login.execute(RIGHTS).fetchone()  # type: ignore[arg-type]


@pytest.mark.parametrize("service", OWNERSHIP.services, ids=lambda service: service.name)
def test_service_makes_changes_and_drops_nothing(
    service: Service, connect_as: Connect, request: pytest.FixtureRequest
) -> None:
    login = connect_as(service.login)
    statements = list_statements(login.info.dbname)
    ended = []
    for statement in statements:
        with login.transaction(force_rollback=True):
            ended.append(try_out(login, statement))
    alone = [line.format(database=login.info.dbname) for line in ALONE.strip().split("\n")]
    ended += [try_out(login, statement) for statement in alone]
    request.node.user_properties.append(("attempts", len(ended)))

    assert "\n".join(each for each in ended if each) == ""


@pytest.mark.parametrize("service", OWNERSHIP.services, ids=lambda service: service.name)
def test_service_drops_and_changes_nothing_of_what_it_writes(service: Service, connect_as: Connect) -> None:
    """An attempt that fails for another reason than the right would prove nothing: the objects are still there."""
    login = connect_as(service.login)

    found = login.execute(
        "SELECT count(*) FROM pg_tables WHERE schemaname = ANY (%s) AND tableowner = current_user", [list(SCHEMAS)]
    ).fetchone()

    assert found == (0,)
