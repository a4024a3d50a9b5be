"""What a migration sets ends with it, on the way up and down, and no table of the engine's is found by a path."""

from __future__ import annotations

import pytest
from django.db import DataError, connections
from psycopg import IsolationLevel

from freehold.errors import MigrationError
from tests.freehold.migrator.estates import ALIAS, Estate

SETTINGS = {
    "search_path": ("SET search_path = app, auth", "public"),
    "search_path_local": ("SET LOCAL search_path = app", "public"),
    "search_path_empty": ("SELECT pg_catalog.set_config('search_path', '', false)", "public"),
    "datestyle": ("SET datestyle = 'German'", "ISO, MDY"),
    "default_transaction_read_only": ("SET default_transaction_read_only = on", "off"),
    "row_security": ("SET row_security = off", "on"),
    "bytea_output": ("SET bytea_output = 'escape'", "hex"),
    "timezone": ("SET timezone = 'Asia/Tokyo'", "UTC"),
    "lock_timeout": ("SET lock_timeout = '1h'", "5s"),
    "check_function_bodies": ("SET check_function_bodies = off; SET xmloption = content", "on"),
}
PARAMETERS = pytest.mark.parametrize(
    ("name", "statement", "expected"), [(n, *v) for n, v in SETTINGS.items()], ids=SETTINGS
)


def read(name: str) -> str:
    """Give a statement that notes a setting as the next migration finds it."""
    setting = name.removesuffix("_local").removesuffix("_empty")
    columns = f"current_setting('{setting}') AS value, current_setting('zz.own', true) AS own"
    return f"CREATE TABLE app.zz_notes AS SELECT {columns}"


@PARAMETERS
@pytest.mark.parametrize("atomic", [True, False], ids=["atomic", "not_atomic"])
def test_setting_ends_with_its_migration(
    estate: Estate, name: str, statement: str, expected: str, atomic: bool
) -> None:
    estate.write_sql("meadow", "0001_set", f"{statement}; SET zz.own = 'a'", atomic=atomic)
    estate.write_sql("meadow", "0002_read", read(name))

    estate.migrate("meadow")

    assert estate.applied == ["meadow.0001_set", "meadow.0002_read"]
    assert [(value, own or "") for value, own in estate.query("SELECT * FROM app.zz_notes")] == [(expected, "")]


@PARAMETERS
def test_setting_of_the_way_down_ends_with_it(estate: Estate, name: str, statement: str, expected: str) -> None:
    estate.write_sql("meadow", "0001_read", "SELECT 1", back=read(name))
    estate.write_sql("meadow", "0002_set", "SELECT 1", back=statement)
    estate.migrate("meadow")

    estate.migrate("meadow", "zero")

    assert estate.applied == []
    assert [value for value, _ in estate.query("SELECT * FROM app.zz_notes")] == [expected]


@pytest.mark.parametrize("atomic", [True, False], ids=["atomic", "not_atomic"])
def test_setting_of_a_migration_that_fails_leaves_its_row_in_the_history(estate: Estate, atomic: bool) -> None:
    words = "SET search_path = app; SET datestyle = 'German'; SET row_security = off"
    estate.write_sql("meadow", "0001_set", words, "SELECT 1/0", atomic=atomic)

    with pytest.raises(DataError, match="division by zero"):
        estate.migrate("meadow")

    assert (estate.applied, [row[3] for row in estate.history][-1]) == ([], "failed")


def test_setting_holds_for_the_operations_of_its_migration(estate: Estate) -> None:
    estate.write_sql("meadow", "0001_set", "SET search_path = app", "CREATE TABLE zz_here (a int)")

    estate.migrate("meadow")

    assert estate.tables == {"app.zz_here": "app_owner"}


def test_transaction_that_is_read_only_is_refused_in_one_line(estate: Estate) -> None:
    estate.write_sql("meadow", "0001_set", "SET TRANSACTION READ ONLY", "SELECT 1")

    with pytest.raises(MigrationError) as caught:
        estate.migrate("meadow")

    assert str(caught.value) == (
        "migration meadow.0001_set: InternalError: cannot execute INSERT in a read-only transaction; nothing of it was "
        "applied. Take out of it what makes transactions read-only, or run it on a server that takes writes"
    )
    assert estate.applied == []


def test_isolation_level_of_the_database_is_no_setting_of_a_migration(estate: Estate) -> None:
    connection = connections[ALIAS]
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = {**options, "isolation_level": IsolationLevel.SERIALIZABLE}
    try:
        estate.write_sql("meadow", "0001_one", "SELECT 1")
        estate.write_sql("meadow", "0002_other", "SELECT 2", atomic=False)
        estate.write_sql("meadow", "0003_fails", "SELECT 1/0")

        with pytest.raises(DataError, match="division by zero"):
            estate.migrate("meadow")
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"] = options

    assert estate.applied == ["meadow.0001_one", "meadow.0002_other"]
