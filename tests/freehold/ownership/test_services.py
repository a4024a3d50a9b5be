"""What each service may do once everything is migrated: asked of PostgreSQL, as the service's own login."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from pytest_django import DjangoDbBlocker

from auth_app.models import Session
from freehold.acting.logins import using_login
from items.models import Favorite, Item
from profile.models import Profile
from tests.items.factories import make_favorite, make_item

pytestmark = pytest.mark.postgresql

Connect = Callable[[str], psycopg.Connection]

SERVICES = ("web_rw", "api_rw", "admin_rw")
OWNERS = ("auth_owner", "master_owner", "app_owner", "seal_owner", "limits_owner", "migrator")
ROWS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
# DESIGN: what each login may do with every table of a schema. Nothing is nothing at all.
TABLES = {
    "web_rw": {"auth": ROWS},
    "api_rw": {"app": ROWS, "master": {"SELECT"}},
    "admin_rw": {"auth": ROWS, "master": ROWS, "app": ROWS, "public": {"SELECT"}},
}
# Withheld: sessions are written by functions, and nobody reads a digest of theirs.
SESSION = "auth.session"
DIGEST = "session_key"
CONTRACT = {("auth.user", column) for column in ("id", "email", "display_name", "is_active")}

PRIVILEGES = """
    SELECT n.nspname, n.nspname || '.' || c.relname, p.word
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']
        || CASE WHEN current_setting('server_version_num')::int >= 170000 THEN '{MAINTAIN}'::text[] END) p (word)
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND has_table_privilege(c.oid, p.word)
"""
COLUMNS = """
    SELECT c.oid::regclass::text, a.attname, p.word
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p (word)
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND has_column_privilege(c.oid, a.attnum, p.word) AND NOT has_table_privilege(c.oid, p.word)
"""


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the test commit, so that other connections see its rows. It removes them itself."""
    with django_db_blocker.unblock():
        yield
        connection.close()


def fail(session: psycopg.Connection, statement: str) -> str:
    """Give what PostgreSQL says against a statement."""
    with pytest.raises(psycopg.errors.Error) as caught, session.transaction(force_rollback=True):
        session.execute(statement)
    return str(caught.value).splitlines()[0]


def list_tables(session: psycopg.Connection) -> list[tuple[str, str]]:
    """Give every table of the project as its schema and its whole name."""
    statement = "SELECT schemaname, schemaname || '.' || tablename FROM pg_tables WHERE schemaname !~ '^(pg_|inf)'"
    return session.execute(statement).fetchall()


# --- What belongs to whom ----------------------------------------------------------------------------------------
def test_objects_of_each_schema_belong_to_its_owner(connect_as: Connect) -> None:
    found = connect_as("migrator").execute(
        """
        SELECT DISTINCT n.nspname, o.owner::regrole::text
        FROM pg_catalog.pg_namespace n
        CROSS JOIN LATERAL (
            SELECT n.nspowner UNION ALL
            SELECT relowner FROM pg_catalog.pg_class WHERE relnamespace = n.oid UNION ALL
            SELECT proowner FROM pg_catalog.pg_proc WHERE pronamespace = n.oid UNION ALL
            SELECT typowner FROM pg_catalog.pg_type WHERE typnamespace = n.oid
        ) o (owner)
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        """
    )

    assert set(found) == {
        ("auth", "auth_owner"),
        ("master", "master_owner"),
        ("app", "app_owner"),
        ("seal", "seal_owner"),
        ("limits", "limits_owner"),
        ("public", "migrator"),
    }


def test_public_holds_nothing_but_tracking_tables(connect_as: Connect) -> None:
    found = {name for schema, name in list_tables(connect_as("migrator")) if schema == "public"}

    assert found == {"public.django_migrations", "public.migration_history"}


def test_owners_and_services_are_members_of_nothing(connect_as: Connect) -> None:
    found = connect_as("migrator").execute(
        "SELECT member::regrole::text, roleid::regrole::text FROM pg_catalog.pg_auth_members "
        "WHERE member::regrole::text = ANY (%s)",
        [[*SERVICES, *OWNERS]],
    )

    owners = {("migrator", owner) for owner in OWNERS if owner != "migrator"}
    assert set(found) == owners | {("migrator", "pg_read_all_stats")}  # to say who is in its way


@pytest.mark.parametrize("role", [*SERVICES, *OWNERS])
def test_role_has_no_attribute_but_to_log_in(role: str, connect_as: Connect) -> None:
    found = connect_as("migrator").execute(
        "SELECT rolcanlogin, rolinherit, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
        "FROM pg_catalog.pg_roles WHERE rolname = %s",
        [role],
    )

    assert found.fetchall() == [(not role.endswith("_owner"), False, False, False, False, False, False)]


# --- Rows --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("login", SERVICES)
def test_service_holds_the_privileges_of_its_schemas_and_no_other(login: str, connect_as: Connect) -> None:
    session = connect_as(login)

    found = {(table, word) for _, table, word in session.execute(PRIVILEGES)}

    assert len(found) > 30
    assert found == {
        (table, word)
        for schema, table in list_tables(session)
        for word in TABLES[login].get(schema, set())
        if table != SESSION or word == "DELETE"
    }


@pytest.mark.parametrize("login", SERVICES)
def test_service_holds_no_column_beyond_tables_but_the_contracts(login: str, connect_as: Connect) -> None:
    found = set(connect_as(login).execute(COLUMNS))

    contract = {('auth."user"', column, "SELECT") for _, column in CONTRACT}
    columns = {field.column for field in Session._meta.concrete_fields} - {DIGEST}
    sessions = {
        (name, column, "SELECT") for name, column, _ in found for column in columns if name in (SESSION, "session")
    }
    assert found == (contract if login == "api_rw" else sessions)
    assert bool(sessions) is (login != "api_rw")


def test_sequences_can_be_used_and_not_set(connect_as: Connect) -> None:
    statement = """
        SELECT s.schemaname, p.word FROM pg_catalog.pg_sequences s, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) p (word)
        WHERE has_schema_privilege(s.schemaname, 'USAGE')
            AND has_sequence_privilege(format('%I.%I', s.schemaname, s.sequencename), p.word)
    """
    assert set(connect_as("web_rw").execute(statement)) == {("auth", "USAGE"), ("auth", "SELECT")}


@pytest.mark.parametrize(
    ("login", "statement", "message"),
    [
        ("api_rw", 'SELECT password FROM auth."user"', "permission denied for table user"),
        ("api_rw", 'SELECT * FROM auth."user"', "permission denied for table user"),
        ("api_rw", 'SELECT count(*) FROM auth."user" WHERE is_staff', "permission denied for table user"),
        ("api_rw", "UPDATE auth.\"user\" SET email = ''", "permission denied for table user"),
        ("api_rw", 'SELECT id FROM auth."user" FOR UPDATE', "permission denied for table user"),
        ("api_rw", "SELECT * FROM auth.session", "permission denied for table session"),
        ("api_rw", "DELETE FROM master.categories", "permission denied for table categories"),
        ("api_rw", "SELECT * FROM public.django_migrations", "permission denied for table django_migrations"),
        ("web_rw", "SELECT * FROM app.items", "permission denied for table items"),
        ("web_rw", "DELETE FROM app.items", "permission denied for table items"),
        ("web_rw", "SELECT * FROM master.categories", "permission denied for schema master"),
        ("web_rw", "SELECT * FROM public.migration_history", "permission denied for table migration_history"),
        ("admin_rw", "DELETE FROM public.migration_history", "permission denied for table migration_history"),
        ("admin_rw", "DELETE FROM public.django_migrations", "permission denied for table django_migrations"),
        ("migrator", 'SELECT id FROM auth."user"', "permission denied for schema auth"),
        ("migrator", "SELECT * FROM app.items", "permission denied for schema app"),
    ],
)
def test_statement_outside_the_services_rights_is_refused(
    login: str, statement: str, message: str, connect_as: Connect
) -> None:
    assert fail(connect_as(login), statement) == message


def test_api_reads_what_its_contract_lists(connect_as: Connect) -> None:
    cursor = connect_as("api_rw").execute('SELECT id, email, display_name, is_active FROM auth."user"')

    assert [column.name for column in cursor.description or []] == ["id", "email", "display_name", "is_active"]


# --- DDL ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("login", SERVICES)
def test_service_may_create_in_no_schema_and_not_in_the_database(login: str, connect_as: Connect) -> None:
    found = connect_as(login).execute(
        """
        SELECT nspname FROM pg_catalog.pg_namespace WHERE has_schema_privilege(oid, 'CREATE')
        UNION ALL
        SELECT word FROM unnest(ARRAY['CREATE', 'TEMPORARY']) word
        WHERE has_database_privilege(current_database(), word)
        """
    )

    assert found.fetchall() == []


DDL = {
    "web_rw": ("auth", "session", "session_key"),
    "api_rw": ("app", "items", "name"),
    "admin_rw": ("master", "categories", "name"),
}


@pytest.mark.parametrize("login", SERVICES)
def test_service_is_refused_every_ddl_on_the_schema_that_it_writes(login: str, connect_as: Connect) -> None:
    schema, bare, column = DDL[login]
    table, owner, session = f"{schema}.{bare}", f"must be owner of table {bare}", connect_as(login)

    refused = {
        f"CREATE TABLE {schema}.x ()": f"permission denied for schema {schema}",
        "CREATE TABLE public.x ()": "permission denied for schema public",
        f"CREATE VIEW {schema}.x AS SELECT 1": f"permission denied for schema {schema}",
        f"CREATE FUNCTION {schema}.x() RETURNS int RETURN 1": f"permission denied for schema {schema}",
        "CREATE SCHEMA x": f"permission denied for database {connection.settings_dict['NAME']}",
        "CREATE TEMPORARY TABLE x ()": "permission denied to create temporary tables in database "
        f'"{connection.settings_dict["NAME"]}"',
        "CREATE ROLE x": "permission denied to create role",
        f"CREATE INDEX ON {table} ({column})": owner,
        f"CREATE RULE x AS ON DELETE TO {table} DO NOTHING": f"must be owner of relation {bare}",
        f"ALTER TABLE {table} ADD COLUMN x int": owner,
        f"ALTER TABLE {table} DISABLE TRIGGER ALL": owner,
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY": owner,
        f"DROP TABLE {table}": owner,
        f"DROP SCHEMA {schema}": f"must be owner of schema {schema}",
        f"COMMENT ON TABLE {table} IS ''": owner,
        f"TRUNCATE {table}": f"permission denied for table {bare}",
        f"SET ROLE {schema}_owner": f'permission denied to set role "{schema}_owner"',
        "SET ROLE migrator": 'permission denied to set role "migrator"',
    }

    found = {statement: fail(session, statement).replace("relation", "table") for statement in refused}
    assert found == {statement: message.replace("relation", "table") for statement, message in refused.items()}


# --- Across schemas ----------------------------------------------------------------------------------------------
def test_user_deleted_as_web_takes_along_what_hangs_on_it_in_app(committed: None) -> None:
    item = make_item()
    favorite = make_favorite(user=item.user, item=item)
    Profile.objects.create(user=item.user)

    with using_login(connection, "web_rw"):
        get_user_model().objects.get(pk=item.user_id).delete()

    left = [
        Item.objects.filter(pk=item.pk).exists(),
        Favorite.objects.filter(pk=favorite.pk).exists(),
        Profile.objects.filter(user_id=item.user_id).exists(),
    ]
    item.category.delete()
    assert left == [False, False, False]
