"""What `migrate` says of a server that was not bootstrapped, or not quite: one line, and nothing applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from pytest_django.fixtures import Settings

from freehold.errors import MigrationError
from freehold.ownership import get_ownership
from freehold.rights.administration import bootstrap_database
from tests.freehold.migrator.estates import ALIAS, Estate

pytestmark = pytest.mark.postgresql


@pytest.fixture
def distant(estate: Estate) -> Iterator[Estate]:
    """The estate on a server that is reached by host and port, and with a migration to apply."""
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    connection = connections[ALIAS]
    connection.close()
    before = connection.settings_dict
    options = {name: value for name, value in before["OPTIONS"].items() if name != "embedded"}
    server = {"HOST": estate.server["host"], "PORT": estate.server["port"]}
    connection.settings_dict = {**before, **server, "OPTIONS": {**options, "passfile": estate.server["passfile"]}}
    yield estate
    connection.close()
    connection.settings_dict = before


def refuse(estate: Estate) -> str:
    """Migrate, which must be refused before anything is applied; give the message."""
    with pytest.raises(MigrationError) as caught:
        estate.migrate("manor")
    assert (estate.tables, estate.history) == ({}, [])
    return str(caught.value)


def test_migrate_connects_as_the_migrator_where_the_url_names_no_user(distant: Estate) -> None:
    distant.migrate("manor")

    assert distant.query("SELECT DISTINCT login FROM public.migration_history WHERE app = 'manor'") == [("migrator",)]


def test_missing_role_is_named_with_the_command_that_makes_it(distant: Estate, settings: Settings) -> None:
    settings.OWNERSHIP = "tests.freehold.migrator.maps.UNMADE"

    assert refuse(distant) == (
        f"role nobody_auth is missing on the server of database '{distant.server['dbname']}': "
        "`manage.py ownership bootstrap` with --admin-url makes it"
    )


def test_missing_migrator_is_named_with_the_command_that_makes_it(distant: Estate, settings: Settings) -> None:
    settings.OWNERSHIP = "tests.freehold.migrator.maps.WITHOUT_MIGRATOR"

    message = refuse(distant)

    assert message.startswith("can't connect as nobody: ")
    assert message.endswith(
        ". If the role is missing, `manage.py ownership bootstrap` with --admin-url makes it; if it is there, its "
        "password belongs into the password file"
    )
    assert "\n" not in message


@pytest.mark.parametrize(
    ("damage", "repair", "message"),
    [
        (
            "DROP SCHEMA master",
            "",
            "schema master is missing in database '{}': `manage.py ownership bootstrap` with --admin-url makes it, "
            "owned by master_owner",
        ),
        (
            "ALTER SCHEMA master OWNER TO postgres",
            "",
            "schema master belongs to postgres, and master_owner is expected: `manage.py ownership bootstrap` with "
            "--admin-url hands it over",
        ),
        (
            "ALTER TABLE public.django_migrations OWNER TO postgres",
            "ALTER TABLE public.django_migrations OWNER TO migrator",
            "table django_migrations belongs to postgres, and migrator is expected: ALTER TABLE django_migrations "
            "OWNER TO migrator mends it",
        ),
        (
            "REVOKE CREATE ON SCHEMA auth FROM auth_owner",
            "GRANT CREATE ON SCHEMA auth TO auth_owner",
            "auth_owner, as whom migrations run, lacks CREATE on its own schema auth: GRANT CREATE ON SCHEMA auth TO "
            "auth_owner mends it",
        ),
        (
            "REVOKE USAGE ON SCHEMA app FROM app_owner",
            "GRANT USAGE ON SCHEMA app TO app_owner",
            "app_owner, as whom migrations run, lacks USAGE on its own schema app: GRANT USAGE ON SCHEMA app TO "
            "app_owner mends it",
        ),
        *(
            (
                f"REVOKE {word} ON public.{table} FROM migrator",
                f"GRANT {word} ON public.{table} TO migrator",
                f"migrator lacks {word} on public.{table}, where it writes down what is applied: GRANT {word} ON "
                f"public.{table} TO migrator mends it",
            )
            for table, word in [
                ("migration_history", "INSERT"),
                ("migration_history", "SELECT"),
                ("django_migrations", "INSERT"),
                ("django_migrations", "DELETE"),
            ]
        ),
    ],
)
def test_what_a_bootstrap_would_mend_is_named(damage: str, repair: str, message: str, distant: Estate) -> None:
    distant.query(damage)
    try:
        assert refuse(distant) == message.format(distant.server["dbname"])
    finally:
        distant.query(repair or "SELECT")
        bootstrap_database(connections[ALIAS], get_ownership(), admin_url=get_admin_url(distant))


def get_admin_url(estate: Estate) -> str:
    """Give the superuser's URL without a password, which is in the password file."""
    return f"postgresql://postgres@127.0.0.1/?passfile={estate.server['passfile']}"


def test_user_in_the_url_who_can_become_no_owner_is_refused(distant: Estate) -> None:
    settings_dict: dict[str, Any] = connections[ALIAS].settings_dict
    settings_dict |= {"USER": "web_rw", "SWITCH_LOGIN": False}

    assert refuse(distant) == (
        "web_rw can't become auth_owner, as whom migrations run: connect as a superuser or the migrator, whom "
        "`manage.py ownership apply` lets become every owner"
    )


def test_embedded_server_without_schemas_is_bootstrapped_first(estate: Estate) -> None:
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    estate.query("DROP SCHEMA auth")

    output = estate.migrate("manor").splitlines()

    assert output[0].startswith("Roles or schemas were missing: bootstrapped the embedded server first (")
    assert estate.tables == {"auth.manor": "auth_owner"}


def test_migrate_inside_a_transaction_is_refused(estate: Estate) -> None:
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")

    with transaction.atomic(using=ALIAS):
        assert refuse(estate) == (
            "migrate reconnects as migrator and can't do so inside a transaction: end it first (in a test: "
            "transaction=True)"
        )
