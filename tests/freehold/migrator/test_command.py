"""`manage.py migrate` takes Django's options, and each does what it does in Django, as the owner."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django.fixtures import Settings

from freehold.errors import MigrationError
from tests.freehold.migrator.estates import ALIAS, Estate

pytestmark = pytest.mark.postgresql


@pytest.fixture
def two(estate: Estate) -> Estate:
    """The estate with two migrations of manor, not applied."""
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    estate.write_table("manor", "0002_gate", "Gate", "auth.gate")
    return estate


def test_migrate_prints_what_django_prints_and_what_contracts_got(two: Estate) -> None:
    assert two.migrate("manor").splitlines()[:6] == [
        "Operations to perform:",
        "  Apply all migrations: manor",
        "Running migrations:",
        "  Applying manor.0001_manor... OK",
        "  Applying manor.0002_gate... OK",
        "  Grant REFERENCES on auth.manor (id) to app_owner",
    ]


def test_migrate_again_applies_nothing_and_writes_nothing(two: Estate) -> None:
    two.migrate("manor")
    before = two.history

    assert "  No migrations to apply." in two.migrate("manor").splitlines()
    assert two.history == before


def test_plan_prints_and_applies_nothing(two: Estate) -> None:
    output = two.migrate("manor", plan=True)

    assert [line.replace("+ ", "") for line in output.splitlines()] == [  # the sign is Django 6.1's
        "Planned operations:",
        "manor.0001_manor",
        "    Create model Manor",
        "manor.0002_gate",
        "    Create model Gate",
    ]
    assert (two.tables, two.applied, two.history) == ({}, [], [])


def test_check_exits_with_one_while_something_is_pending(two: Estate) -> None:
    with pytest.raises(SystemExit) as caught:
        two.migrate("manor", check_unapplied=True)
    assert caught.value.code == 1
    assert (two.tables, two.applied) == ({}, [])

    two.migrate("manor")
    two.migrate("manor", check_unapplied=True)


def test_fake_writes_down_that_nothing_ran(two: Estate) -> None:
    assert "  Applying manor.0001_manor... FAKED" in two.migrate("manor", "0001", fake=True).splitlines()

    assert (two.tables, two.applied) == ({}, ["manor.0001_manor"])
    assert two.history == [("manor.0001_manor", "up", "auth_owner", "faked", "")]


def test_fake_initial_finds_the_table_in_its_schema(two: Estate) -> None:
    two.query('SET ROLE auth_owner; CREATE TABLE auth.manor (id bigserial PRIMARY KEY, "name" text)')

    output = two.migrate("manor", fake_initial=True).splitlines()

    assert output[3:5] == ["  Applying manor.0001_manor... FAKED", "  Applying manor.0002_gate... OK"]
    assert [row[3] for row in two.history] == ["faked", "ok"]


def test_fake_initial_passes_over_a_table_of_that_name_in_another_schema(two: Estate) -> None:
    two.query("SET ROLE app_owner; CREATE TABLE app.manor ()")

    assert "  Applying manor.0001_manor... OK" in two.migrate("manor", fake_initial=True).splitlines()
    assert two.tables["auth.manor"] == "auth_owner"


def test_prune_removes_what_has_no_file_any_more(two: Estate) -> None:
    two.migrate("manor")
    (two.directory / two.package / "manor" / "0002_gate.py").unlink()

    assert "  Pruning manor.0002_gate OK" in two.migrate("manor", prune=True).splitlines()
    assert two.applied == ["manor.0001_manor"]


def test_run_syncdb_makes_tables_as_the_owner_of_their_apps_schema(estate: Estate) -> None:
    output = estate.migrate("barn", run_syncdb=True)

    assert "    Creating table app.barn" in output.splitlines()
    assert estate.tables == {"app.barn": "app_owner"}


def test_run_syncdb_of_an_app_that_no_schema_names_is_refused(estate: Estate, settings: Settings) -> None:
    settings.MIGRATION_MODULES = {"stray": None}

    with pytest.raises(MigrationError) as caught:
        estate.migrate("stray", run_syncdb=True)

    assert str(caught.value) == (
        "app stray has models and lies in no schema of the ownership map, so that nobody owns its tables: add it to a "
        "schema's apps, or to its places where it is not yours"
    )
    assert estate.tables == {}


def test_verbosity_zero_prints_nothing(two: Estate) -> None:
    assert two.migrate("manor", verbosity=0) == ""
    assert len(two.applied) == 2


def test_login_is_the_services_again_afterwards(two: Estate) -> None:
    two.migrate("manor")

    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == ("all_rw", "admin_rw")


def test_user_in_the_url_becomes_the_migrator_and_is_itself_again_afterwards(two: Estate) -> None:
    connection = connections[ALIAS]
    connection.close()
    before = connection.settings_dict
    connection.settings_dict = {**before, "USER": "postgres", "SWITCH_LOGIN": False}
    try:
        two.migrate("manor")
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_user, current_user")
            assert cursor.fetchone() == ("postgres", "postgres")
    finally:
        connection.close()
        connection.settings_dict = before

    assert two.tables == {"auth.manor": "auth_owner", "auth.gate": "auth_owner"}
    assert two.query("SELECT DISTINCT login FROM public.migration_history WHERE app = 'manor'") == [("postgres",)]


def test_cache_table_lies_in_its_schema_with_its_index(estate: Estate, settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "auth.cache"}}
    connection = connections[ALIAS]
    connection.close()
    before = connection.settings_dict
    connection.settings_dict = {**before, "USER": "postgres", "SWITCH_LOGIN": False}
    try:
        call_command("createcachetable", database=ALIAS)
    finally:
        connection.close()
        connection.settings_dict = before

    found = "SELECT relname, relnamespace::regnamespace::text FROM pg_class WHERE relname ~ '^(auth.)?cache' ORDER BY 1"
    assert estate.query(found) == [("cache", "auth"), ("cache_expires", "auth"), ("cache_pkey", "auth")]
