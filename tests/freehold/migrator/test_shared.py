"""A migration may not take from consumers what a contract shares with them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from freehold.ownership import Contract
from tests.freehold.migrator import maps
from tests.freehold.migrator.estates import Estate
from tests.freehold.migrator.test_boundaries import manor, write_manor
from tests.freehold.migrator.test_executor import refuse

__all__ = ["manor"]
pytestmark = pytest.mark.postgresql
SHARING = replace(
    maps.LOTS,
    contracts=(
        Contract(
            "auth",
            consumer="api",
            read={"manor": ("id", "name"), "gone": ("id",)},
            call=("zz_hidden()", "zz_later(int)"),
        ),
        Contract("auth", consumer="app", reference={"manor": ("id",)}),
    ),
)


@pytest.fixture
def sharing(manor: Estate, settings: Settings) -> Estate:
    settings.OWNERSHIP = "tests.freehold.migrator.test_shared.SHARING"
    return manor


ANEW = (
    "DROP FUNCTION auth.zz_hidden(); CREATE FUNCTION auth.zz_hidden({0}) RETURNS {1} LANGUAGE sql AS 'SELECT NULL::{1}'"
)
TAKES = "migration manor.0003_bad {}; nothing of it was applied: keep it and add another beside it"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("ALTER TABLE auth.manor DROP name", "takes away auth.manor (name) @"),
        ("ALTER TABLE auth.manor DROP name CASCADE", "takes away auth.manor (name) @"),
        ("ALTER TABLE auth.manor RENAME name TO title", "takes away auth.manor (name) @"),
        (
            "ALTER TABLE auth.manor ALTER name TYPE varchar(80)",
            "changes auth.manor (name) @ as text, to character varying(80)",
        ),
        (
            "ALTER TABLE auth.manor RENAME TO mansion",
            "takes away auth.manor (id) @ and app, and takes away auth.manor (name) @",
        ),
        ("DROP TABLE auth.manor CASCADE", "takes away auth.manor (id) @ and app, and takes away auth.manor (name) @"),
        ("DROP FUNCTION auth.zz_hidden()", "takes away auth.zz_hidden() @"),
        ("ALTER FUNCTION auth.zz_hidden() RENAME TO zz_seen", "takes away auth.zz_hidden() @"),
        (ANEW.format("a int", "int"), "takes away auth.zz_hidden() @"),
        (ANEW.format("", "text"), "changes auth.zz_hidden() @ as integer, to text"),
    ],
)
def test_migration_that_takes_what_a_contract_shares_is_refused(statement: str, told: str, sharing: Estate) -> None:
    sharing.write_sql("manor", "0003_bad", statement)

    message = refuse(sharing, "manor")

    assert message.startswith(TAKES.format(told.replace(" @", ", which a contract shares with api")))
    assert sharing.applied == ["manor.0001_manor", "manor.0002_more"]


def test_djangos_own_operation_that_drops_a_shared_column_is_refused(sharing: Estate) -> None:
    sharing.write("manor", "0003_bad", 'migrations.RemoveField("manor", "name"),')

    assert refuse(sharing, "manor").startswith(
        TAKES.format("takes away auth.manor (name), which a contract shares with api")
    )


def test_what_no_contract_shares_and_the_way_down_are_let_through(sharing: Estate) -> None:
    sharing.write_sql(
        "manor",
        "0003_more",
        "ALTER TABLE auth.manor ADD more int",
        "ALTER TABLE auth.manor ALTER more TYPE bigint",
        "ALTER TABLE auth.manor DROP more, ALTER name DROP NOT NULL",
        "CREATE OR REPLACE FUNCTION auth.zz_hidden() RETURNS int LANGUAGE sql AS 'SELECT 2'",
        back="SELECT 1",
    )
    sharing.migrate("manor")
    sharing.migrate("manor", "0002")
    assert sharing.applied == ["manor.0001_manor", "manor.0002_more"]


def test_history_of_a_new_database_is_gone_through(estate: Estate, settings: Settings) -> None:
    """What was agreed on once stands in migrations that others stand upon."""
    settings.OWNERSHIP = "tests.freehold.migrator.test_shared.SHARING"
    write_manor(estate)
    estate.write_sql("manor", "0003_once", "ALTER TABLE auth.manor ALTER name TYPE varchar(80)")
    estate.write_sql("manor", "0004_now", "SELECT 1")

    estate.migrate("manor")

    assert estate.applied[-1] == "manor.0004_now"


def test_column_that_is_taken_by_one_before_the_last_is_missed_at_the_last(sharing: Estate) -> None:
    sharing.write_sql("manor", "0003_bad", "ALTER TABLE auth.manor DROP name")
    sharing.write_sql("manor", "0004_now", "SELECT 1")

    assert refuse(sharing, "manor").startswith("migration manor.0004_now takes away auth.manor (name)")


def test_column_that_was_missed_is_missed_again_until_it_is_back(sharing: Estate) -> None:
    sharing.write_sql("manor", "0003_bad", "ALTER TABLE auth.manor DROP name, ALTER id TYPE int")
    sharing.write_sql("manor", "0004_now", "SELECT 1")
    says = (
        "migration manor.0004_now changes auth.manor (id), which a contract shares with api and app as bigint, to "
        "integer, and takes away auth.manor (name), which a contract shares with api; nothing of it was applied"
    )

    assert [refuse(sharing, "manor").partition(": ")[0] for _ in range(3)] == [says] * 3
    (sharing.directory / sharing.package / "manor" / "0004_now.py").unlink()
    sharing.write_sql("manor", "0004_back", "ALTER TABLE auth.manor ADD name text, ALTER id TYPE bigint")
    sharing.forget_modules()
    sharing.migrate("manor")
    assert sharing.applied[-1] == "manor.0004_back"
