"""What can't be had in two columns is refused in one line, with nothing changed."""

from __future__ import annotations

import pytest

from tests.freehold.migrator.estates import Estate
from tests.freehold.operations.shops import CONTRACT, EXPAND, dump, list_wares, open_shop, refuse, write_steps

pytestmark = pytest.mark.postgresql


@pytest.fixture
def shop(estate: Estate) -> Estate:
    """Ten wares, and both steps of their rename; none is applied."""
    open_shop(estate)
    write_steps(estate, EXPAND, CONTRACT)
    return estate


def test_migration_with_a_transaction_is_refused(estate: Estate) -> None:
    open_shop(estate)
    estate.write("meadow", "0002_step", EXPAND)

    assert refuse(estate) == (
        "Expand: ware.name becomes title: its migration runs in one transaction, and this commits step by step: write "
        "`atomic = False` into the Migration class; nothing was changed"
    )


def test_column_that_someone_else_made_is_left_alone(shop: Estate) -> None:
    shop.query("ALTER TABLE app.ware ADD title text")

    assert refuse(shop) == (
        "app.ware has a column title already, which was not made by this operation: rename or drop it first"
    )
    assert list_wares(shop, "title")[0] == (None,)


def test_contraction_without_an_expansion_is_refused(shop: Estate) -> None:
    shop.query("ALTER TABLE app.ware ADD title text")
    shop.migrate("meadow", "0002", fake=True)

    assert refuse(shop) == (
        'app.ware.name can\'t go: no trigger "zz_ware_name_title" keeps name and title the same, so that values might '
        'be lost. Was step="expand" applied?'
    )
    assert len(list_wares(shop, "name")) == 10


def test_view_that_reads_the_old_column_is_named(shop: Estate) -> None:
    shop.query("CREATE VIEW app.names AS SELECT name FROM app.ware; ALTER VIEW app.names OWNER TO app_owner")
    shop.migrate("meadow", "0002")

    message = refuse(shop)
    shop.query("DROP VIEW app.names")
    shop.migrate("meadow")

    assert message == (
        "app.ware.name is still needed by view app.names: change that to title first, in a migration of its own"
    )


@pytest.mark.parametrize(
    ("change", "operation", "reason"),
    [
        (
            "",
            ("id", "number"),
            "app.ware.id is in the primary key, which can't be in two columns: use Django's operation",
        ),
        (
            "ALTER TABLE app.ware ALTER size ADD GENERATED ALWAYS AS IDENTITY",
            ("size", "width"),
            "app.ware.size is an identity, generated, or owns a sequence: its values can't be kept in two columns. Use "
            "Django's operation",
        ),
        (
            "ALTER TABLE app.ware ALTER note SET DEFAULT ''",
            ("note", "remark"),
            "app.ware.note may be NULL and has a default in the database, so that a NULL that was written can't be "
            "told from a value that was left out: drop the default (db_default), or make it NOT NULL, first",
        ),
        (
            "CREATE TABLE app.tag (name varchar(40) CONSTRAINT of_ware REFERENCES app.ware (name))",
            ("name", "title"),
            "foreign keys point at app.ware.name: of_ware of app.tag. Drop them first",
        ),
        (
            "ALTER TABLE app.ware ADD CONSTRAINT apart EXCLUDE (size WITH =)",
            ("size", "width"),
            "exclusion constraint apart is about app.ware.size, and can't be made without a long lock: drop it first",
        ),
        (
            "ALTER TABLE app.ware DROP CONSTRAINT ware_pkey",
            ("size", "width"),
            "app.ware has no primary key, by which batches are made: give it one first",
        ),
        (
            "CREATE TABLE app.rare () INHERITS (app.ware)",
            ("size", "width"),
            "app.ware is no plain table, or a part or parent of others: its columns are not changed in steps. Use "
            "Django's own operation, or do it for each part in SQL",
        ),
        (
            "ALTER TABLE app.ware ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            ("size", "width"),
            "row security may hide rows of app.ware from its owner, so that they would be left out: give the owner a "
            "policy FOR ALL USING (true); manage.py ownership apply makes one for each model with policies",
        ),
    ],
)
def test_column_that_can_not_be_doubled_is_refused_with_nothing_changed(
    change: str, operation: tuple[str, str], reason: str, estate: Estate
) -> None:
    open_shop(estate)
    estate.query(change or "SELECT")
    write_steps(estate, f'RenameColumn("ware", "{operation[0]}", "{operation[1]}"),')
    before = dump(estate)

    assert refuse(estate) == reason
    assert dump(estate) == before
