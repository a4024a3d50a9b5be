"""Rights on what lies in no schema of the map: each is given by hand, named, taken, and silent again."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from freehold.ownership import Right
from freehold.ownership.validation import list_problems
from freehold.rights.comparison import compare
from freehold.rights.look import list_findings
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql
NONE = "declared: no such right"
DAMAGES = [
    (
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO farm@",
        f"D013 pg_catalog.pg_read_file(text): farm holds EXECUTE; {NONE}",
    ),
    (
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO PUBLIC",
        f"D015 pg_catalog.pg_ls_dir(text): PUBLIC holds EXECUTE; {NONE}",
    ),
    (
        "GRANT SELECT (rolname, rolpassword) ON pg_catalog.pg_authid TO mill@",
        f"D013 pg_catalog.pg_authid: mill holds SELECT (rolname, rolpassword); {NONE}",
    ),
    (
        "GRANT SELECT ON pg_catalog.pg_statistic TO PUBLIC",
        f"D015 pg_catalog.pg_statistic: PUBLIC holds SELECT; {NONE}",
    ),
    ("GRANT UPDATE ON pg_catalog.pg_class TO field@", f"D013 pg_catalog.pg_class: field holds UPDATE; {NONE}"),
    (
        "GRANT INSERT ON information_schema.sql_features TO PUBLIC",
        f"D015 information_schema.sql_features: PUBLIC holds INSERT; {NONE}",
    ),
    ("GRANT SET ON PARAMETER log_statement TO farm@", f"D013 parameter log_statement: farm holds SET; {NONE}"),
    (  # to a role: what everyone may is the whole server's, where other tests look
        "GRANT ALTER SYSTEM ON PARAMETER freehold.proof TO inn@",
        f"D013 parameter freehold.proof: inn holds ALTER SYSTEM; {NONE}",
    ),
    ("GRANT CREATE ON TABLESPACE pg_default TO wood@", f"D013 tablespace pg_default: wood holds CREATE; {NONE}"),
    ("GRANT USAGE ON LANGUAGE plpgsql TO farm@", f"D013 language plpgsql: farm holds USAGE; {NONE}"),
    ("GRANT USAGE ON LANGUAGE sql TO inn@", f"D013 language sql: inn holds USAGE; {NONE}"),
    (
        "GRANT EXECUTE ON FUNCTION pg_catalog.lo_create TO farm@",
        f"D013 pg_catalog.lo_create(oid): farm holds EXECUTE; {NONE}",
    ),
    ("GRANT CREATE ON SCHEMA pg_catalog TO steward@", f"D013 schema pg_catalog: steward holds CREATE; {NONE}"),
    ("GRANT CREATE ON SCHEMA pg_catalog TO PUBLIC", f"D015 schema pg_catalog: PUBLIC holds CREATE; {NONE}"),
    (
        "SELECT lo_create(4242); GRANT SELECT, UPDATE ON LARGE OBJECT 4242 TO inn@",
        f"D013 large object 4242: inn holds SELECT, UPDATE; {NONE}",
    ),
    (
        "SELECT lo_create(4243); GRANT SELECT ON LARGE OBJECT 4243 TO PUBLIC",
        f"D015 large object 4243: PUBLIC holds SELECT; {NONE}",
    ),
    (
        "CREATE FOREIGN DATA WRAPPER ferry@; GRANT USAGE ON FOREIGN DATA WRAPPER ferry@ TO field@",
        f"D013 foreign data wrapper ferry: field holds USAGE; {NONE}",
    ),
    (
        "CREATE FOREIGN DATA WRAPPER boat@; CREATE SERVER far@ FOREIGN DATA WRAPPER boat@; "
        "GRANT USAGE ON FOREIGN SERVER far@ TO all@",
        f"D013 foreign server far: all holds USAGE; {NONE}",
    ),
    ("GRANT CONNECT ON DATABASE template1 TO farm@", f"D013 database template1: farm holds CONNECT; {NONE}"),
    ("GRANT CREATE ON DATABASE postgres TO farm@", f"D013 database postgres: farm holds CREATE; {NONE}"),
    (
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_stat_file(text) TO farm@ WITH GRANT OPTION; "
        "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_stat_file(text) FROM farm@; "
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_stat_file(text) TO farm@",
        f"D013 pg_catalog.pg_stat_file(text): farm holds EXECUTE; {NONE}",
    ),
]


@pytest.mark.parametrize(("damage", "finding"), DAMAGES, ids=[damage[0] for damage in DAMAGES])
def test_right_elsewhere_is_named_and_taken(damage: str, finding: str, made: Estate) -> None:
    made.execute(damage)
    found = made.tell()
    made.execute_script(made.plan())

    assert found == [finding]
    assert (made.tell(), made.plan()) == ([], "")


def test_schema_that_is_none_of_the_maps_keeps_no_right_for_its_roles(made: Estate) -> None:
    made.execute("CREATE SCHEMA reports CREATE TABLE daily (id int); GRANT USAGE ON SCHEMA reports TO farm@")
    made.execute("GRANT SELECT ON reports.daily TO farm@, PUBLIC")
    try:
        assert sorted(made.tell()) == [
            "D010 schema reports: owned by postgres; declared: no such schema",
            f"D013 reports.daily: farm holds SELECT; {NONE}",
            f"D013 schema reports: farm holds USAGE; {NONE}",
        ]
    finally:
        made.execute("DROP SCHEMA reports CASCADE")


def test_another_database_of_the_map_is_its_own_matter(made: Estate) -> None:
    made.execute("CREATE DATABASE branch@")
    made.execute("GRANT CONNECT ON DATABASE branch@ TO farm@")
    try:
        strange = made.tell()
        branch = {**made.database, "dbname": f"branch_{made.tag}"}
        with psycopg.connect(**branch, autocommit=True) as session:
            session.execute(f"CREATE SCHEMA field AUTHORIZATION field_{made.tag}".encode())
        own = made.tell()
    finally:
        made.execute("DROP DATABASE branch@")

    assert strange == [f"D013 database branch: farm holds CONNECT; {NONE}"]
    assert own == []


@pytest.mark.parametrize("name", ["postgres", "template1"])
def test_right_of_everyone_to_enter_another_database_is_named(name: str, made: Estate) -> None:
    # In a transaction that is taken back: other tests look at the same server.
    with made.connect() as session, session.transaction(force_rollback=True), psycopg.Cursor(session) as cursor:
        cursor.execute(f"GRANT CONNECT ON DATABASE {name} TO PUBLIC".encode())
        found = list_findings(compare(cursor, made.ownership))

    assert [made.plain(f"{each.rule} {each.object}: {each.message}") for each in found] == [
        f"D015 database {name}: PUBLIC holds CONNECT; {NONE}"
    ]


def test_everyone_may_not_enter_the_databases_that_each_server_has(made: Estate) -> None:
    farm = {**made.database, "user": f"farm_{made.tag}", "passfile": str(made.passfile), "dbname": "postgres"}

    with pytest.raises(psycopg.OperationalError, match='permission denied for database "postgres"'):
        psycopg.connect(**farm)


# --- What a service can't do --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT lo_create(0)",
        "SELECT lo_creat(-1)",
        r"SELECT lo_from_bytea(0, '\x00')",
        "SELECT lo_import('/etc/hostname')",
        "DO $$ BEGIN PERFORM 1; END $$",
        "SELECT pg_read_file('pg_hba.conf')",
    ],
)
@pytest.mark.parametrize("login", ["farm", "all"])
def test_service_makes_no_large_object_and_runs_no_block(attempt: str, login: str, made: Estate) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        made.execute(attempt, login)


def test_owner_makes_large_objects(made: Estate) -> None:
    with made.connect("steward") as session:
        session.execute(f"SET ROLE field_{made.tag}".encode())
        session.execute("SELECT lo_unlink(lo_create(0))")


# --- What the map gives -------------------------------------------------------------------------------------------
def test_right_of_the_map_is_given_kept_and_taken(made: Estate) -> None:
    before = made.ownership
    made.ownership = replace(
        before,
        rights=(
            Right("EXECUTE", on="function pg_catalog.pg_stat_file(text)", to="farm"),
            Right("SET", on="parameter log_min_messages", to="migrator"),
            Right("CONNECT", on="database template1", to="wood"),
        ),
    )
    try:
        found = made.tell()
        made.execute_script(made.plan())
        as_declared = made.tell()
        allowed = made.execute("SELECT (pg_stat_file('PG_VERSION')).isdir", "farm")
    finally:
        made.ownership = before
    left = made.tell()
    made.execute_script(made.plan())

    assert sorted(found) == [
        "D012 database template1: wood does not hold CONNECT; declared: wood holds CONNECT",
        "D012 parameter log_min_messages: steward does not hold SET; declared: steward holds SET",
        "D012 pg_catalog.pg_stat_file(text): farm does not hold EXECUTE; declared: farm holds EXECUTE",
    ]
    assert (as_declared, allowed, len(left), made.tell()) == ([], [(False,)], 3, [])


@pytest.mark.parametrize(
    ("right", "fault"),
    [
        (Right("USAGE", on="cupboard x", to="farm"), "on is none of database, "),
        (Right("EXECUTE", on="function pg_stat_file(text)", to="farm"), "on is none of database, "),
        (Right("SELECT", on="table field.plot", to="inn"), "that lies in a schema of the map"),
        (
            Right("SELECT", on="parameter work_mem", to="inn"),
            "a parameter has no such privilege: use SET, ALTER SYSTEM",
        ),
        (Right("USAGE", on="language plpgsql", to="PUBLIC"), "a superuser's bootstrap takes that from everyone"),
        (Right("SET", on="parameter work_mem", to="nobody"), "to is neither a service nor a schema of the map"),
    ],
)
def test_right_that_names_nothing_is_refused_with_the_way_out(right: Right, fault: str, made: Estate) -> None:
    (problem,) = list_problems(replace(made.ownership, rights=(right,)))

    assert problem.startswith(f"Right {right.privilege!r} on {right.on!r} to {right.to!r}: {fault}")


# --- Extensions ---------------------------------------------------------------------------------------------------
def test_ranges_bring_functions_that_are_their_types(made: Estate) -> None:
    made.execute("SET ROLE field@; CREATE TYPE field.span AS RANGE (subtype = numeric)")
    try:
        assert made.tell() == []
    finally:
        made.execute("DROP TYPE field.span")
