"""What nothing refuses today: docs/security.md says it, and this page is tried here.

A test that fails here has a hole less to tell of: say so there, and turn it around.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from psycopg import errors
from pytest_django import DjangoDbBlocker

from freehold.services import acting_as
from tests.auth_app.factories import make_user
from tests.freehold.estates import get_server
from tests.seeded import execute_as_superuser

Connect = Callable[[str], psycopg.Connection]
ALIAS = "holes"


# --- What a login may do to itself, the server and the others --------------------------------------------------------
@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER ROLE {login} PASSWORD 'x'",
        "ALTER ROLE {login} SET statement_timeout = '1ms'",
        "ALTER ROLE {login} IN DATABASE {database} SET statement_timeout = '1ms'",
    ],
)
def test_login_may_change_itself(login: psycopg.Connection, statement: str) -> None:
    with login.transaction(force_rollback=True):
        login.execute(statement.format(login=login.info.user, database=login.info.dbname))  # type: ignore[call-overload]


@pytest.mark.postgresql
def test_login_may_lift_its_own_time_limits(login: psycopg.Connection) -> None:
    with login.transaction(force_rollback=True):
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            login.execute(f"SET LOCAL {name} = 0")  # type: ignore[call-overload]


@pytest.mark.postgresql
def test_service_may_keep_another_waiting(connect_seeded: Connect) -> None:
    web, api = connect_seeded("web_rw"), connect_seeded("api_rw")
    web.execute("SET lock_timeout = '100ms'")
    with api.transaction(force_rollback=True):
        api.execute("LOCK TABLE app.items")
        with pytest.raises(errors.LockNotAvailable):
            web.execute('DELETE FROM auth."user"')


# --- What a service may do with the rows of its own schemas ----------------------------------------------------------
@pytest.mark.postgresql
def test_web_may_set_the_hash_of_a_superuser(connect_seeded: Connect) -> None:
    """It makes nobody a superuser (tests/auth_app/test_powers.py), but writes the accounts of those there are."""
    web = connect_seeded("web_rw")
    with web.transaction(force_rollback=True):
        done = web.execute("""UPDATE auth."user" SET password = '!' WHERE is_superuser""")

        assert done.rowcount > 0


@pytest.mark.postgresql
@pytest.mark.parametrize("login", ["web_rw", "admin_rw"])
def test_service_with_a_login_page_may_open_a_session_of_anybodys(connect_seeded: Connect, login: str) -> None:
    """By the function that its page calls. Pages with sessions don't take it for one: no key opens its data."""
    service = connect_seeded(login)
    with service.transaction(force_rollback=True):
        (opened,) = service.execute(
            "SELECT auth.open_session(repeat('0', 64), 'x', now() + interval '1 day', id, NULL, '') "
            """FROM auth."user" LIMIT 1"""
        ).fetchone()
        service.execute("SELECT set_config('freehold.proof', 'session:' || repeat('0', 64), true)")

        assert opened is not None
        assert service.execute("SELECT count(auth.user_of_session())").fetchone() == (1,)


@pytest.mark.postgresql
def test_columns_of_a_contract_are_those_of_everyone(connect_seeded: Connect) -> None:
    api, web = connect_seeded("api_rw"), connect_seeded("web_rw")
    statement = 'SELECT count(email) FROM auth."user"'

    assert api.execute(statement).fetchone() == web.execute(statement).fetchone()


@pytest.mark.postgresql
def test_admin_may_put_a_key_anew_in_place_of_one_that_was_revoked(connect_seeded: Connect) -> None:
    """It changes no key (tests/tenancy/models/test_keys_stay.py), but may delete one and write another."""
    admin = connect_seeded("admin_rw")
    with admin.transaction(force_rollback=True):
        done = admin.execute(
            "WITH gone AS (DELETE FROM app.api_keys WHERE revoked_at IS NOT NULL RETURNING *) "
            "INSERT INTO app.api_keys (project_id, name, prefix, key_hash) "
            "SELECT project_id, name, prefix || 'x', key_hash FROM gone"
        )

        assert done.rowcount > 0


@pytest.mark.postgresql
def test_error_of_the_driver_has_the_value(connect_seeded: Connect) -> None:
    web = connect_seeded("web_rw")
    with web.transaction(force_rollback=True), pytest.raises(errors.UniqueViolation) as caught, web.transaction():
        web.execute("""INSERT INTO auth."user" SELECT * FROM auth."user" WHERE email = 'user@freehold.example'""")

    assert "DETAIL:  Key (" in str(caught.value)


# --- What an owner or a superuser made, and nobody tells of ----------------------------------------------------------
@pytest.fixture(scope="module")
def database(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the filled database to make holes in, under the alias `holes`; give its name."""
    name = f"{seeded_database}_holes"
    with django_db_blocker.unblock():
        connections["seeded"].close()
        execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {seeded_database}")
        connections.settings[ALIAS] = {**deepcopy(connections.settings["seeded"]), "NAME": name}
        yield name
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]
        execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def enter(database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Connect]:
    """Give a function that connects to the copy as a login."""
    opened: list[psycopg.Connection] = []

    def connect(login: str) -> psycopg.Connection:
        parameters = {**get_server(), "dbname": database, "user": login}
        opened.append(psycopg.connect(**parameters, autocommit=True))
        return opened[-1]

    with django_db_blocker.unblock():
        yield connect
    for each in opened:
        each.close()


def check_all() -> str:
    """Give what the checks of a running database say, rights brought in line before."""
    output = StringIO()
    call_command("ownership", "apply", database=ALIAS, stdout=StringIO())
    for command in (("ownership", "check", "--anew"), ("history", "verify")):
        call_command(*command, database=ALIAS, stdout=output, stderr=output)
    return output.getvalue()


SILENCE = "No findings.\nNo findings.\n"


@pytest.mark.postgresql
def test_code_of_one_owner_that_a_superuser_put_there_runs_as_whoever_writes_and_is_found(enter: Connect) -> None:
    owner, admin = enter("postgres"), enter("admin_rw")
    owner.execute("SET ROLE app_owner")
    owner.execute("CREATE TABLE app.loot (id int PRIMARY KEY, password text)")
    owner.execute(
        "CREATE FUNCTION app.loot() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN "
        """INSERT INTO app.loot SELECT 1, password FROM auth."user" WHERE is_superuser LIMIT 1; RETURN NULL; END $$"""
    )
    owner.execute("CREATE TRIGGER loot AFTER UPDATE ON app.items EXECUTE FUNCTION app.loot()")

    with pytest.raises(SystemExit):  # `ownership check` finds it, and `migrate` would have refused it
        check_all()
    admin.execute("UPDATE app.items SET version = version WHERE false")
    assert owner.execute("SELECT count(password) FROM app.loot").fetchone() == (1,)
    for what in ("TRIGGER loot ON app.items", "FUNCTION app.loot", "TABLE app.loot"):
        owner.execute(f"DROP {what}")  # type: ignore[call-overload]


@pytest.mark.postgresql
def test_foreign_key_of_one_owner_that_keeps_another_from_deleting_is_found(enter: Connect) -> None:
    owner, web = enter("postgres"), enter("web_rw")
    owner.execute("SET ROLE app_owner")
    owner.execute('CREATE TABLE app.holds (user_id uuid PRIMARY KEY REFERENCES auth."user" ON DELETE RESTRICT)')
    owner.execute("INSERT INTO app.holds SELECT user_id FROM ONLY app.favorites LIMIT 1")

    with pytest.raises(SystemExit):  # `ownership check` finds it, and `migrate` would have refused it
        check_all()
    with pytest.raises(psycopg.IntegrityError):
        web.execute('DELETE FROM auth."user"')
    owner.execute("DROP TABLE app.holds")


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE auth."user" ADD COLUMN extra int',
        "ALTER TABLE app.items ALTER name DROP NOT NULL",
        "ALTER TABLE app.items DROP CONSTRAINT items_price_check",
    ],
)
def test_change_by_hand_is_found_by_nothing(enter: Connect, statement: str) -> None:
    root = enter("postgres")
    root.execute(statement)  # type: ignore[call-overload]

    assert check_all() == SILENCE


# --- SQLite ----------------------------------------------------------------------------------------------------------
@pytest.mark.sqlite
@pytest.mark.django_db
def test_web_may_make_a_user_superuser_on_sqlite() -> None:
    """A trigger does not learn there which service writes."""
    user = make_user()
    with acting_as("web"):
        user.is_superuser = True
        user.save()

    user.refresh_from_db()
    assert user.is_superuser
