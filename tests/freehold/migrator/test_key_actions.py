"""A migration that leaves a foreign key which does to another owner's deletes what no contract lets it."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from tests.freehold.migrator.estates import Estate
from tests.freehold.migrator.test_boundaries import assert_nothing_done, manor
from tests.freehold.migrator.test_executor import refuse

__all__ = ["manor"]
pytestmark = pytest.mark.postgresql

KEY = "CREATE TABLE app.meadow (id int PRIMARY KEY, manor_id bigint {})"
MANOR = "REFERENCES auth.manor"
LEAVES = (
    "migration meadow.0001_meadow leaves app.{} with ON DELETE {}, where ON DELETE CASCADE, SET NULL or SET DEFAULT is "
    "let; "
)
OF_MANOR = ("meadow (meadow_manor_id_fkey)", "{} of a key to auth.manor")
CHAIN = (
    KEY.format(f"{MANOR} ON DELETE CASCADE"),
    "CREATE TABLE app.zz_hay (meadow_id int REFERENCES app.meadow{})",
)
ON_CHAIN = "{} of a key to app.meadow, whose rows go with those of auth.manor"
PARTS = "CREATE TABLE app.zz_part PARTITION OF app.zz_all FOR VALUES IN (1)"


@pytest.mark.parametrize(
    ("statements", "about", "did"),
    [
        ([KEY.format(MANOR)], OF_MANOR[0], OF_MANOR[1].format("NO ACTION")),
        ([KEY.format(f"{MANOR} ON DELETE RESTRICT")], OF_MANOR[0], OF_MANOR[1].format("RESTRICT")),
        (
            [KEY.format(f"{MANOR} ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED")],
            OF_MANOR[0],
            OF_MANOR[1].format("NO ACTION"),
        ),
        (
            [KEY.format(""), f"ALTER TABLE app.meadow ADD CONSTRAINT k FOREIGN KEY (manor_id) {MANOR} NOT VALID"],
            "meadow (k)",
            OF_MANOR[1].format("NO ACTION"),
        ),
        (
            [
                "CREATE TABLE app.zz_all (n bigint) PARTITION BY LIST (n)",
                PARTS,
                f"ALTER TABLE app.zz_part ADD FOREIGN KEY (n) {MANOR}",
            ],
            "zz_part (zz_part_n_fkey)",
            OF_MANOR[1].format("NO ACTION"),
        ),
        (
            [f"CREATE TABLE app.zz_all (n bigint {MANOR}) PARTITION BY LIST (n)", PARTS],
            "zz_all (zz_all_n_fkey)",
            OF_MANOR[1].format("NO ACTION"),
        ),
        (
            [KEY.format(""), f"CREATE TABLE app.zz_child (FOREIGN KEY (manor_id) {MANOR}) INHERITS (app.meadow)"],
            "zz_child (zz_child_manor_id_fkey)",
            OF_MANOR[1].format("NO ACTION"),
        ),
        # What holds as NO ACTION does.
        (
            [KEY.format(f"NOT NULL {MANOR} ON DELETE SET NULL")],
            OF_MANOR[0],
            OF_MANOR[1].format("SET NULL") + ", of a column that takes no NULL",
        ),
        (
            [KEY.format(f"NOT NULL {MANOR} ON DELETE SET DEFAULT")],
            OF_MANOR[0],
            OF_MANOR[1].format("SET DEFAULT") + ", of a column that takes no NULL",
        ),
        (
            [
                "CREATE DOMAIN app.zz_number AS bigint NOT NULL",
                f"CREATE TABLE app.meadow (n app.zz_number {MANOR} ON DELETE SET NULL)",
            ],
            "meadow (meadow_n_fkey)",
            OF_MANOR[1].format("SET NULL") + ", of a column that takes no NULL",
        ),
        ([CHAIN[0], CHAIN[1].format("")], "zz_hay (zz_hay_meadow_id_fkey)", ON_CHAIN.format("NO ACTION")),
        (
            [CHAIN[0], CHAIN[1].format(" ON DELETE RESTRICT")],
            "zz_hay (zz_hay_meadow_id_fkey)",
            ON_CHAIN.format("RESTRICT"),
        ),
        (
            [CHAIN[0], "CREATE TABLE app.zz_hay (meadow_id int PRIMARY KEY REFERENCES app.meadow ON DELETE SET NULL)"],
            "zz_hay (zz_hay_meadow_id_fkey)",
            "SET NULL of a key to app.meadow, of a column that takes no NULL, whose rows go with those of auth.manor",
        ),
        (
            [
                CHAIN[0],
                "CREATE TABLE app.zz_hay (id int PRIMARY KEY, meadow_id int REFERENCES app.meadow ON DELETE CASCADE)",
                "CREATE TABLE app.zz_bale (hay_id int REFERENCES app.zz_hay)",
            ],
            "zz_bale (zz_bale_hay_id_fkey)",
            "NO ACTION of a key to app.zz_hay, whose rows go with those of auth.manor",
        ),
    ],
)
def test_key_that_would_keep_another_owner_from_deleting_is_refused(
    statements: list[str], about: str, did: str, manor: Estate
) -> None:
    manor.write_sql("meadow", "0001_meadow", *statements)

    message = refuse(manor, "meadow")

    assert message.startswith(
        LEAVES.format(about, did) + "nothing of it was applied: Make it anew with ON DELETE CASCADE"
    )
    assert 'of Contract("auth", consumer="app")' in message
    assert_nothing_done(manor)


@pytest.mark.parametrize(
    "statements",
    [
        [KEY.format(f"{MANOR} ON DELETE SET NULL ON UPDATE RESTRICT")],
        [KEY.format(f"DEFAULT 1 NOT NULL {MANOR} ON DELETE SET DEFAULT")],
        [CHAIN[0], CHAIN[1].format(" ON DELETE SET NULL")],
        [KEY.format(f"{MANOR} ON DELETE SET NULL"), CHAIN[1].format("")],
        [KEY.format(""), CHAIN[1].format(" ON DELETE RESTRICT")],
        [KEY.format(MANOR), "ALTER TABLE app.meadow DROP CONSTRAINT meadow_manor_id_fkey"],
    ],
)
def test_key_that_lets_the_other_owner_delete_is_let_through(statements: list[str], manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", *statements)
    manor.migrate("meadow")

    assert manor.applied[-1] == "meadow.0001_meadow"


def test_key_of_djangos_own_in_a_migration_without_a_transaction_is_refused(manor: Estate) -> None:
    key = 'models.ForeignKey("manor.Manor", models.DO_NOTHING)'
    manor.write(
        "meadow",
        "0001_meadow",
        f"""
        migrations.CreateModel(
            "Meadow", [("id", models.AutoField(primary_key=True)), ("manor", {key})], {{"db_table": "app.meadow"}}
        ),
        """,
        after=(("manor", "0001_manor"),),
        atomic=False,
    )

    assert "of a key to auth.manor, where ON DELETE CASCADE, SET NULL or SET DEFAULT is let; parts of it" in refuse(
        manor, "meadow"
    )


def test_key_on_a_column_that_takes_no_null_any_more_is_refused(manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", KEY.format(f"{MANOR} ON DELETE SET NULL"))
    manor.migrate("meadow")
    manor.write_sql("meadow", "0002_more", "ALTER TABLE app.meadow ALTER manor_id SET NOT NULL")

    assert "0002_more leaves app.meadow (meadow_manor_id_fkey) with ON DELETE SET NULL" in refuse(manor, "meadow")


def test_key_that_makes_rows_go_which_another_holds_is_refused(manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", KEY.format(""), CHAIN[1].format(""))
    manor.migrate("meadow")
    manor.write_sql(
        "meadow", "0002_more", f"ALTER TABLE app.meadow ADD FOREIGN KEY (manor_id) {MANOR} ON DELETE CASCADE"
    )

    assert "0002_more leaves app.zz_hay (zz_hay_meadow_id_fkey) with ON DELETE NO ACTION" in refuse(manor, "meadow")


def test_key_that_a_later_migration_makes_anew_is_history(manor: Estate) -> None:
    anew = "ALTER TABLE app.meadow DROP CONSTRAINT meadow_manor_id_fkey, ADD FOREIGN KEY (manor_id) "
    manor.write_sql("meadow", "0001_meadow", KEY.format(MANOR))
    manor.write_sql("meadow", "0002_more", "SELECT 1")
    assert refuse(manor, "meadow").startswith("migration meadow.0002_more leaves app.meadow (meadow_manor_id_fkey)")
    manor.write_sql("meadow", "0003_anew", f"{anew}{MANOR} ON DELETE CASCADE")

    manor.migrate("meadow")

    assert manor.applied[-1] == "meadow.0003_anew"


def test_key_does_what_its_contract_lets_and_nothing_else(manor: Estate, settings: Settings) -> None:
    settings.OWNERSHIP = "tests.freehold.migrator.maps.HOLDING"
    manor.write_sql("meadow", "0001_meadow", KEY.format(MANOR), CHAIN[1].format(""))
    manor.migrate("meadow")
    manor.write_sql("meadow", "0002_more", f"CREATE TABLE app.zz_more (id bigint {MANOR} ON DELETE CASCADE)")

    assert (
        "with ON DELETE CASCADE of a key to auth.manor, where ON DELETE NO ACTION is let; nothing of it was applied: "
        "Make it anew with ON DELETE NO ACTION"
    ) in refuse(manor, "meadow")
