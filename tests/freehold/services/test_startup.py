"""A login that the database does not hold: each way is made, reported, mended and silent again."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connections
from django.db.backends.signals import connection_created
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from freehold.acting import Acting, acting
from freehold.errors import StartError
from freehold.services import startup
from freehold.services.startup import GUARD, HELD, LoginReport, guard, inspect, refuse, start
from tests.freehold.halls import FAULTS, OWNED, SEES, WAY_OUT, Hall, list_faults, look, plain

postgresql = pytest.mark.postgresql


@pytest.fixture
def guarded() -> Iterator[None]:
    """Guard this process for one test."""
    connection_created.connect(guard, dispatch_uid=GUARD)
    yield
    connection_created.disconnect(dispatch_uid=GUARD)
    HELD.clear()


# --- A process of one service ------------------------------------------------------------------------------------
@postgresql
@pytest.mark.parametrize(("service", "login"), [("farm", "farm"), ("mill", "mill"), ("all", "both")])
def test_logins_as_bootstrap_makes_them_are_held(hall: Hall, settings: Settings, service: str, login: str) -> None:
    settings.SERVICE = service

    assert look(hall, login) == LoginReport(faults=(), complete=True)


@postgresql
@pytest.mark.parametrize("name", FAULTS)
def test_login_that_may_too_much_is_reported_until_mended(hall: Hall, name: str) -> None:
    make, mend, expected = FAULTS[name]
    hall.run(make)
    try:
        found = list_faults(hall, "farm")
    finally:
        hall.run(mend)

    assert found == expected
    assert list_faults(hall, "farm") == []


@postgresql
@pytest.mark.parametrize("name", OWNED)
def test_login_that_owns_something_is_reported_until_mended(hall: Hall, name: str) -> None:
    make, mend, what = OWNED[name]
    hall.run(make)
    try:
        found = list_faults(hall, "farm")
    finally:
        hall.run(mend)

    assert found == [
        f"login farm owns {what}: REASSIGN OWNED BY farm TO a role that nobody logs in as, such as the schema's owner"
    ]
    assert list_faults(hall, "farm") == []


@postgresql
def test_login_that_owns_several_things_names_one_and_counts_the_rest(hall: Hall) -> None:
    hall.run("CREATE SCHEMA barn AUTHORIZATION farm@; CREATE SCHEMA cote AUTHORIZATION farm@")
    try:
        (found,) = list_faults(hall, "farm")
    finally:
        hall.run("DROP SCHEMA barn; DROP SCHEMA cote")

    assert found.startswith("login farm owns schema barn and 1 more: ")


@postgresql
def test_login_that_owns_something_in_another_database_is_reported(hall: Hall) -> None:
    hall.run("CREATE DATABASE other@")
    try:
        elsewhere = Hall({**hall.database, "dbname": f"other{hall.tag}"}, hall.passfile)
        elsewhere.run("CREATE SCHEMA barn AUTHORIZATION farm@")
        (found,) = list_faults(hall, "farm")
    finally:
        hall.run("DROP DATABASE other@")

    assert found.startswith("login farm owns an object of database other: ")


@postgresql
def test_large_object_that_a_login_made_keeps_no_process_from_starting(hall: Hall) -> None:
    hall.run("SELECT lo_create(4711); ALTER LARGE OBJECT 4711 OWNER TO farm@")
    try:
        assert list_faults(hall, "farm") == []
    finally:
        hall.run("SELECT lo_unlink(4711)")


@postgresql
def test_other_services_login_is_not_this_ones_matter(hall: Hall) -> None:
    hall.run("ALTER ROLE mill@ CREATEDB")
    try:
        assert list_faults(hall, "farm") == []
    finally:
        hall.run("ALTER ROLE mill@ NOCREATEDB")


# --- Every service in one process ------------------------------------------------------------------------------
COMBINED = {
    "not a member": (
        "REVOKE farm@ FROM both@",
        "GRANT farm@ TO both@ WITH INHERIT FALSE, SET TRUE",
        ["login both is no member of farm: `manage.py ownership bootstrap` makes it one"],
    ),
    "member of more": (
        "GRANT wood@ TO both@ WITH INHERIT FALSE",
        "REVOKE wood@ FROM both@",
        ["login both is a member of wood: REVOKE wood FROM both"],
    ),
    "heir": (
        "GRANT farm@ TO both@ WITH INHERIT TRUE",
        "GRANT farm@ TO both@ WITH INHERIT FALSE",
        [
            "login both has the rights of farm at all times: ALTER ROLE both NOINHERIT; "
            "from PostgreSQL 16 on also GRANT farm TO both WITH INHERIT FALSE"
        ],
    ),
    "can't become": (
        "GRANT farm@ TO both@ WITH SET FALSE",
        "GRANT farm@ TO both@ WITH SET TRUE",
        [
            'login both can\'t become a service (permission denied to set role "farm"): '
            "`manage.py ownership bootstrap` makes it a member of each service's login"
        ],
    ),
    "owner": (
        "CREATE SCHEMA barn AUTHORIZATION both@",
        "DROP SCHEMA barn",
        [
            "login both owns schema barn: "
            "REASSIGN OWNED BY both TO a role that nobody logs in as, such as the schema's owner"
        ],
    ),
    "attributes": (
        "ALTER ROLE both@ CREATEROLE",
        "ALTER ROLE both@ NOCREATEROLE",
        ["login both is CREATEROLE: ALTER ROLE both NOCREATEROLE"],
    ),
    "through a service": (
        "GRANT wood@ TO farm@",
        "REVOKE wood@ FROM farm@",
        ["login farm is a member of wood: REVOKE wood FROM farm"],
    ),
    "a service sees": ("ALTER ROLE farm@ BYPASSRLS", "ALTER ROLE farm@ NOBYPASSRLS", FAULTS["bypass"][2]),
    "both see": (
        *FAULTS["no row security"][:2],
        [SEES, SEES.replace("farm", "mill")],
    ),
    "a service is missing": (
        "ALTER ROLE farm@ RENAME TO gone@",
        "ALTER ROLE gone@ RENAME TO farm@",
        [
            "login both is a member of gone: REVOKE gone FROM both",
            "login both is no member of farm: `manage.py ownership bootstrap` makes it one",
            "login farm does not exist: `manage.py ownership bootstrap` makes it",
        ],
    ),
}


@postgresql
@pytest.mark.parametrize("name", COMBINED)
def test_combined_login_that_may_too_much_or_too_little_is_reported(hall: Hall, settings: Settings, name: str) -> None:
    settings.SERVICE = "all"
    make, mend, expected = COMBINED[name]
    hall.run(make)
    try:
        found = list_faults(hall, "both")
    finally:
        hall.run(mend)

    assert found == expected
    assert list_faults(hall, "both") == []


@postgresql
def test_map_without_a_combined_login_has_nothing_to_look_at(hall: Hall, settings: Settings) -> None:
    settings.OWNERSHIP, settings.SERVICE = "tests.freehold.halls.NO_COMBINED", "all"

    with hall.connect("farm") as connection:
        assert not startup.is_guarded(connection)


# --- A user in DATABASE_URL --------------------------------------------------------------------------------------
ROOT = (
    "login postgres (which is SUPERUSER BYPASSRLS CREATEROLE CREATEDB REPLICATION) is not {0}, which SERVICE={1} "
    "connects as: take the user out of DATABASE_URL, or put {0} there"
)


@postgresql
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(("service", "login"), [("farm", "farm"), ("all", "both")])
def test_superuser_runs_for_all_services_in_debug_alone(
    hall: Hall, settings: Settings, service: str, login: str, debug: bool
) -> None:
    settings.SERVICE, settings.DEBUG = service, debug
    (fault,) = look(hall, "postgres").faults

    assert plain(fault) == ROOT.format(login, service)
    assert fault.tolerable == (service == "all" and debug)


@postgresql
def test_superuser_in_debug_finds_what_is_wrong_with_the_services(hall: Hall, settings: Settings) -> None:
    settings.SERVICE, settings.DEBUG = "all", True
    hall.run("ALTER TABLE field.plot DISABLE ROW LEVEL SECURITY")
    try:
        found = list_faults(hall, "postgres")
    finally:
        hall.run("ALTER TABLE field.plot ENABLE ROW LEVEL SECURITY")

    assert found == [ROOT.format("both", "all"), SEES, SEES.replace("farm", "mill")]


@postgresql
def test_other_services_login_is_refused(hall: Hall) -> None:
    assert list_faults(hall, "mill") == [
        "login mill is not farm, which SERVICE=farm connects as: take the user out of DATABASE_URL, or put farm there"
    ]


# --- Before `migrate`, and how it asks ---------------------------------------------------------------------------
@postgresql
def test_protected_table_that_is_not_there_leaves_the_look_incomplete(hall: Hall) -> None:
    hall.run("ALTER TABLE field.plot RENAME TO hidden")
    try:
        found = look(hall, "farm")
    finally:
        hall.run("ALTER TABLE field.hidden RENAME TO plot")

    assert found == LoginReport(faults=(), complete=False)


@postgresql
@pytest.mark.parametrize(("service", "login"), [("farm", "farm"), ("all", "both")])
def test_look_takes_two_queries_and_leaves_no_role_behind(
    hall: Hall, settings: Settings, service: str, login: str
) -> None:
    settings.SERVICE = service
    with hall.connect(login) as connection:
        with CaptureQueriesContext(connection) as queries:
            inspect(connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            (after,) = cursor.fetchone()

    assert (len(queries), plain(after)) == (2, login)


@postgresql
def test_look_is_the_logins_own_whoever_acts(hall: Hall) -> None:
    with acting(Acting("mill", f"mill{hall.tag}")):
        assert look(hall, "farm") == LoginReport(faults=(), complete=True)


# --- Refusing ----------------------------------------------------------------------------------------------------
@postgresql
def test_guard_lets_no_query_through_until_the_login_is_mended(hall: Hall, guarded: None) -> None:
    hall.run("GRANT wood@ TO farm@")
    with hall.connect("farm") as connection:
        for _ in range(2):
            with pytest.raises(StartError) as caught, connection.cursor():
                pass
        is_open = connection.connection is not None
        hall.run("REVOKE wood@ FROM farm@")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    assert plain(caught.value) == "SERVICE=farm may not run: login farm is a member of wood: REVOKE wood FROM farm"
    assert not is_open


@postgresql
def test_guard_looks_once_at_what_it_found_in_order(hall: Hall, guarded: None) -> None:
    with hall.connect("farm") as connection:
        connection.ensure_connection()
        hall.run("GRANT wood@ TO farm@")
        try:
            connection.close()
            connection.ensure_connection()
        finally:
            hall.run("REVOKE wood@ FROM farm@")

    assert {"hall"} == HELD


@postgresql
def test_guard_looks_again_while_there_is_no_protected_table(hall: Hall, guarded: None) -> None:
    hall.run("ALTER TABLE field.plot RENAME TO hidden; ALTER TABLE field.hidden DISABLE ROW LEVEL SECURITY")
    with hall.connect("farm") as connection:
        connection.ensure_connection()
        connection.close()
        hall.run("ALTER TABLE field.hidden RENAME TO plot")
        try:
            with pytest.raises(StartError) as caught:
                connection.ensure_connection()
        finally:
            hall.run("ALTER TABLE field.plot ENABLE ROW LEVEL SECURITY")

    assert plain(caught.value) == f"SERVICE=farm may not run: {SEES}"


@postgresql
def test_start_with_two_faults_names_one_and_says_where_the_other_is(hall: Hall, guarded: None) -> None:
    hall.run("ALTER ROLE farm@ BYPASSRLS")
    try:
        with hall.connect("farm") as connection, pytest.raises(StartError) as caught:
            startup.look_once(connection)
    finally:
        hall.run("ALTER ROLE farm@ NOBYPASSRLS")

    assert plain(caught.value) == (
        "SERVICE=farm may not run: login farm is BYPASSRLS: ALTER ROLE farm NOBYPASSRLS "
        "(1 more: `manage.py check --database default`)"
    )


@postgresql
def test_superuser_in_debug_is_told_and_let_in(
    hall: Hall, settings: Settings, guarded: None, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SERVICE, settings.DEBUG = "all", True
    with caplog.at_level(logging.WARNING, "freehold.services.startup"), hall.connect("postgres") as connection:
        connection.ensure_connection()

    assert [plain(record.getMessage()) for record in caplog.records] == [
        f"{ROOT.format('both', 'all')}; it runs all the same, since DEBUG is on"
    ]


@postgresql
def test_extra_right_that_is_tolerated_is_told(
    hall: Hall, settings: Settings, guarded: None, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TOLERATE_EXTRA_RIGHTS = True
    hall.run("GRANT DELETE ON public.ledger TO farm@")
    try:
        with caplog.at_level(logging.WARNING, "freehold.services.startup"), hall.connect("farm") as connection:
            connection.ensure_connection()
    finally:
        hall.run("REVOKE DELETE ON public.ledger FROM farm@")

    (record,) = caplog.records
    assert plain(record.getMessage()) == (
        f"login farm holds DELETE on public.ledger, which the map does not give: {WAY_OUT}; "
        "it runs all the same, since TOLERATE_EXTRA_RIGHTS is on"
    )


@postgresql
def test_start_without_a_server_waits_for_the_first_query(
    hall: Hall, guarded: None, caplog: pytest.LogCaptureFixture
) -> None:
    entry = {**hall.get_entry("farm"), "PORT": "1"}
    connections.settings["hall"] = entry
    try:
        with caplog.at_level(logging.WARNING, "freehold.services.startup"):
            startup.look_once(connections["hall"])
        with pytest.raises(OperationalError):
            connections["hall"].ensure_connection()
    finally:
        del connections["hall"]
        del connections.settings["hall"]

    assert caplog.records[0].getMessage().startswith("The database 'hall' can't be looked at yet: connection failed")
    assert "connect_timeout" not in entry["OPTIONS"]


@pytest.mark.sqlite
def test_sqlite_has_no_logins_to_look_at(guarded: None, settings: Settings) -> None:
    settings.SERVICE = "web"
    start()

    assert not startup.is_guarded(connections["default"])


def test_report_in_order_is_not_refused() -> None:
    refuse(LoginReport(faults=(), complete=False))
