"""Ways out of a service's rights that have worked elsewhere, tried by each service's own login.

What works today is in test_known_holes.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

import psycopg
import pytest
from psycopg import errors

from config.ownership import OWNERSHIP
from tests.freehold.estates import get_server

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

Connect = Callable[[str], psycopg.Connection]
LOGINS = [service.login for service in OWNERSHIP.services]
OTHERS = [
    *(role for schema in OWNERSHIP.schemas for role in [schema.owner]),
    *LOGINS,
    OWNERSHIP.combined,
    "postgres",
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_execute_server_program",
    "pg_signal_backend",
    "pg_monitor",
    "pg_checkpoint",
    "pg_database_owner",
]

ENTERS = "SELECT has_schema_privilege(%s, 'USAGE')"
MAY_CALL = """
    SELECT p.proname::text FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = ANY (%s) AND has_function_privilege(p.oid, 'EXECUTE')
"""
MAY_TOUCH = """
    SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND (has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE') OR has_table_privilege(c.oid, 'DELETE'))
"""


def refuse(login: psycopg.Connection, statement: str) -> str:
    """Try what must be refused for want of a right; give PostgreSQL's words."""
    with pytest.raises(errors.InsufficientPrivilege) as caught:
        login.execute(statement)  # type: ignore[arg-type]
    return str(caught.value.diag.message_primary)


# --- Becoming someone else -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("form", ["SET ROLE {}", "SET LOCAL ROLE {}", "SELECT set_config('role', '{}', false)"])
def test_set_role_is_refused(login: psycopg.Connection, role: str, form: str) -> None:
    if role == login.info.user:
        login.execute(form.format(role))  # type: ignore[arg-type]  # who one is already
    else:
        assert refuse(login, form.format(role)) == f'permission denied to set role "{role}"'


@pytest.mark.parametrize("role", OTHERS)
def test_set_session_authorization_is_refused(login: psycopg.Connection, role: str) -> None:
    if role == login.info.user:
        pytest.skip("who one is already")
    if role.startswith("pg_"):
        statement = f"SET SESSION AUTHORIZATION {role}"
    else:
        statement = f"SELECT set_config('session_authorization', '{role}', false)"
    assert "permission denied to set session authorization" in refuse(login, statement)


def test_reset_role_of_a_service_with_its_own_login_changes_nothing(login: psycopg.Connection) -> None:
    login.execute("RESET ROLE")

    assert login.execute("SELECT current_user").fetchone() == (login.info.user,)


def test_reset_role_under_the_combined_login_ends_in_one_that_makes_tickets_and_nothing_else(
    connect_as: Connect,
) -> None:
    combined = connect_as(OWNERSHIP.combined)
    combined.execute("SET ROLE api_rw")
    combined.execute("RESET ROLE")

    schemas = [name for name in OWNERSHIP.schema_names if name != "public"]
    assert [name for name in schemas if combined.execute(ENTERS, [name]).fetchone() == (True,)] == ["auth"]
    assert combined.execute(MAY_CALL, [schemas]).fetchall() == [("seal_ticket",)]
    assert combined.execute(MAY_TOUCH, [schemas]).fetchall() == []


def test_combined_login_becomes_services_and_nobody_else(connect_as: Connect) -> None:
    combined = connect_as(OWNERSHIP.combined)
    able = []
    for role in OTHERS:
        try:
            combined.execute(f"SET ROLE {role}")
        except errors.InsufficientPrivilege:
            continue
        able.append(role)
        combined.execute("RESET ROLE")

    assert able == [*LOGINS, OWNERSHIP.combined]


# --- Standing in for something ---------------------------------------------------------------------------------------
def test_temporary_table_named_like_a_real_one_is_refused(login: psycopg.Connection) -> None:
    message = refuse(login, 'CREATE TEMPORARY TABLE "user" (id uuid, password text)')

    assert message == f'permission denied to create temporary tables in database "{login.info.dbname}"'


@pytest.mark.parametrize("schema", ["pg_temp", "public", "app", "auth", "master", "pg_catalog"])
def test_function_or_operator_can_be_planted_nowhere(login: psycopg.Connection, schema: str) -> None:
    for statement in (
        f"CREATE FUNCTION {schema}.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'",
        f"CREATE OPERATOR {schema}.= (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text)",
    ):
        assert "permission denied" in refuse(login, statement)


def test_search_path_of_the_caller_reaches_no_function_of_an_owner(connect_as: Connect) -> None:
    migrator, api = connect_as("migrator"), connect_as("api_rw")
    rows = migrator.execute(
        "SELECT p.oid::regprocedure::text, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname = ANY (%s) AND (p.prosecdef OR p.prorettype = 'trigger'::regtype)",
        [list(OWNERSHIP.schema_names)],
    ).fetchall()
    api.execute("SET search_path = pg_temp, app")

    assert rows
    assert [name for name, settings in rows if "search_path=pg_catalog, pg_temp" not in (settings or [])] == []
    assert api.execute("SELECT * FROM auth.session_principal('nobody')").fetchall() == []


# --- The server's files, programs and neighbours ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY app.items FROM PROGRAM 'true'",
        "COPY (SELECT 1) TO '/tmp/attempt'",
        "COPY app.items FROM '/etc/passwd'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_read_binary_file('postgresql.conf')",
        "SELECT pg_ls_dir('.')",
        "SELECT pg_ls_logdir()",
        "SELECT pg_stat_file('postgresql.conf')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/attempt')",
        "SELECT pg_reload_conf()",
        "SELECT pg_rotate_logfile()",
        "SELECT pg_switch_wal()",
        "SELECT pg_create_physical_replication_slot('attempt')",
        "SELECT rolpassword FROM pg_authid",
        "SELECT * FROM pg_shadow",
        "SELECT * FROM pg_hba_file_rules",
        "SELECT * FROM pg_statistic",
        "SELECT * FROM pg_largeobject",
        "SELECT subconninfo FROM pg_subscription",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
        "LOAD '/tmp/attempt.so'",
        "SET row_security = off; SET session_replication_role = replica",
        "SET log_statement = 'none'",
        "ALTER SYSTEM SET log_statement = 'none'",
        "CREATE EXTENSION dblink",
        "CREATE EXTENSION file_fdw",
        "CREATE EXTENSION adminpack",
    ],
)
def test_reach_for_the_server_is_refused(login: psycopg.Connection, statement: str) -> None:
    with pytest.raises((errors.InsufficientPrivilege, errors.FeatureNotSupported, errors.UndefinedFile)):
        login.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize("other", ["postgres", "template1"])
def test_other_databases_of_the_server_are_closed(login: psycopg.Connection, other: str) -> None:
    parameters = {**get_server(), "dbname": other, "user": login.info.user}

    with pytest.raises(psycopg.OperationalError, match=f'permission denied for database "{other}"'):
        psycopg.connect(**parameters)


@pytest.mark.parametrize("statement", ["SELECT lo_create(0)", "SELECT lo_creat(-1)", "SELECT lo_from_bytea(0, 'x')"])
def test_large_object_is_made_by_nobody(login: psycopg.Connection, statement: str) -> None:
    assert refuse(login, statement).startswith("permission denied for function lo_")


def test_statistics_of_columns_tell_no_rows_of_others(login: psycopg.Connection) -> None:
    seen = login.execute(
        "SELECT schemaname, tablename, attname FROM pg_stats WHERE schemaname = 'auth' AND attname = 'password'"
    ).fetchall()

    assert seen == ([("auth", "user", "password")] * len(seen) if login.info.user in ("web_rw", "admin_rw") else [])


def test_statements_of_other_logins_are_not_shown(login: psycopg.Connection) -> None:
    rows = login.execute("SELECT query FROM pg_stat_activity WHERE usename IS DISTINCT FROM current_user").fetchall()

    assert {query for (query,) in rows} <= {"<insufficient privilege>", "", None}


# --- Past the policies -----------------------------------------------------------------------------------------------
def test_row_security_off_gives_an_error_and_no_rows(connect_seeded: Connect) -> None:
    api = connect_seeded("api_rw")
    api.execute("SET row_security = off")

    assert "row-level security policy" in refuse(api, "SELECT 1 FROM app.profiles")


@pytest.mark.parametrize("table", ["favorites", "tenants", "memberships", "projects", "api_keys", "runs"])
def test_nobody_in_particular_sees_no_row(connect_seeded: Connect, table: str) -> None:
    api, admin = connect_seeded("api_rw"), connect_seeded("admin_rw")
    count = f"SELECT count(*) FROM app.{table}"
    seen = [api.execute(count).fetchone()]
    for setting in ("", str(uuid.uuid4())):
        for name in ("freehold.user_id", "freehold.tenant_id"):
            api.execute("SELECT set_config(%s, %s, false)", [name, setting])
        seen.append(api.execute(count).fetchone())

    assert seen == [(0,)] * 3
    assert admin.execute(count).fetchone() != (0,)


def test_two_tenants_on_one_connection_see_each_their_own(connect_seeded: Connect) -> None:
    api, admin, root = connect_seeded("api_rw"), connect_seeded("admin_rw"), connect_seeded("postgres")
    expected = admin.execute(
        "SELECT m.user_id::text, count(DISTINCT r.id) FROM app.memberships m "
        'JOIN auth."user" u ON u.id = m.user_id AND u.is_active '
        "JOIN app.projects p ON p.tenant_id = m.tenant_id JOIN app.runs r ON r.project_id = p.id GROUP BY 1 LIMIT 5"
    ).fetchall()
    seen = []
    for user, _ in expected:
        ticket = root.execute("SELECT auth.seal_ticket('user', %s, '', 'api_rw', 10)", [user]).fetchone() or ("",)
        with api.transaction():
            api.execute("SELECT set_config('freehold.proof', %s, true)", ticket)
            seen.append((user, *(api.execute("SELECT count(*) FROM app.runs").fetchone() or ())))

    assert len({count for _, count in expected}) > 1
    assert seen == expected


@pytest.mark.parametrize(
    "proof", ["not a proof", "session:", "session:'", "ticket:1.user", "api_key:1", "x" * 1_000_000]
)
def test_proof_that_is_none_gives_no_rows_and_no_error(connect_seeded: Connect, proof: str) -> None:
    api = connect_seeded("api_rw")
    api.execute("SELECT set_config('freehold.proof', %s, false)", [proof])

    for table in ("favorites", "tenants", "runs"):
        assert api.execute(f"SELECT count(*) FROM app.{table}").fetchone() == (0,)


def test_view_of_another_schemas_rows_runs_with_the_rights_of_who_asks(connect_as: Connect) -> None:
    migrator = connect_as("migrator")
    row = migrator.execute(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (%s) "
        "AND c.relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)",
        [list(OWNERSHIP.schema_names)],
    ).fetchone()

    assert row == (0,)


def test_key_of_a_row_that_is_hidden_can_be_probed_by_reference_alone(connect_seeded: Connect) -> None:
    """A foreign key tells whether a key exists. PostgreSQL can't close it; keys are random, and this says so."""
    api, root = connect_seeded("api_rw"), connect_seeded("postgres")
    (mine,) = root.execute('SELECT id::text FROM auth."user" WHERE is_active LIMIT 1').fetchone() or ("",)
    ticket = root.execute("SELECT auth.seal_ticket('user', %s, '', 'api_rw', 10)", [mine]).fetchone() or ("",)
    with api.transaction(force_rollback=True):
        api.execute("SET CONSTRAINTS ALL IMMEDIATE")
        api.execute("SELECT set_config('freehold.proof', %s, true)", ticket)
        with pytest.raises(errors.ForeignKeyViolation):
            api.execute("INSERT INTO app.favorites (user_id, item_id) VALUES (%s, %s)", [mine, str(uuid.uuid4())])


# --- What outlives a statement ---------------------------------------------------------------------------------------
def test_prepared_statement_is_planned_anew_for_who_asks(connect_as: Connect) -> None:
    combined = connect_as(OWNERSHIP.combined)
    combined.execute("SET ROLE web_rw")
    combined.execute('PREPARE attempt AS SELECT password FROM auth."user" LIMIT 0')
    combined.execute("EXECUTE attempt")
    combined.execute("SET ROLE api_rw")

    assert refuse(combined, "EXECUTE attempt") == "permission denied for table user"


def test_prepared_statement_meets_the_policies_of_who_asks(connect_seeded: Connect) -> None:
    combined = connect_seeded(OWNERSHIP.combined)
    combined.execute("SET ROLE admin_rw")
    combined.execute("PREPARE attempt AS SELECT count(*) FROM app.favorites")
    assert combined.execute("EXECUTE attempt").fetchone() != (0,)
    combined.execute("SET ROLE api_rw")

    assert combined.execute("EXECUTE attempt").fetchone() == (0,)


def test_cursor_kept_open_is_not_reached_by_the_next_transaction(connect_as: Connect) -> None:
    api = connect_as("api_rw")
    with api.transaction():
        api.execute("DECLARE attempt CURSOR FOR SELECT 1")

    with pytest.raises(errors.InvalidCursorName):
        api.execute("FETCH attempt")


def test_settings_of_a_transaction_are_gone_with_it(login: psycopg.Connection) -> None:
    with login.transaction():
        login.execute("SELECT set_config('freehold.user_id', %s, true)", [str(uuid.uuid4())])

    assert login.execute("SELECT nullif(current_setting('freehold.user_id', true), '')").fetchone() == (None,)
