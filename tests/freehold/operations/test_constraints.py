"""Constraints on a table in use leave what Django's own operations leave, and go back."""

from __future__ import annotations

from contextlib import suppress

import psycopg
import pytest

from freehold.operations.columns.backfill import Backfill
from freehold.operations.columns.readings import make_name
from tests.freehold.migrator.estates import Estate
from tests.freehold.operations.shops import dump, list_wares, open_shop, refuse, rewrite_steps, write_steps

pytestmark = pytest.mark.postgresql

REQUIRE = """SetNotNull("ware", "note", value="'none for ' || id", batch_size=2, pause=0),"""
CHECK = 'models.CheckConstraint(condition=models.Q(size__lt={}), name="ware_small")'
KEY = 'models.ForeignKey("meadow.shelf", models.DB_CASCADE, null=True)'
LOOSE = 'models.ForeignKey("meadow.shelf", models.DO_NOTHING, null=True, db_constraint=False)'
PAIRS = [
    (REQUIRE, 'migrations.AlterField("ware", "note", models.TextField()),'),
    (f'AddCheck("ware", {CHECK.format(20)}),', f'migrations.AddConstraint("ware", {CHECK.format(20)}),'),
    (f'AddForeignKey("ware", "spare", {KEY}),', f'migrations.AddField("ware", "spare", {KEY}),'),
]


@pytest.fixture
def shop(estate: Estate) -> Estate:
    """Ten wares."""
    return open_shop(estate)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_operation_leaves_what_djangos_own_leaves(ours: str, theirs: str, shop: Estate) -> None:
    write_steps(shop, ours)
    shop.migrate("meadow")
    found = dump(shop)
    shop.migrate("meadow", "0001")
    rewrite_steps(shop, theirs)

    shop.migrate("meadow")

    assert found == dump(shop)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_up_down_and_up_again_leaves_the_same_catalogue(ours: str, theirs: str, shop: Estate) -> None:
    write_steps(shop, ours)
    empty = dump(shop)

    shop.migrate("meadow")
    before = dump(shop)
    shop.migrate("meadow", "0001")
    taken_back = dump(shop)
    shop.migrate("meadow")

    assert taken_back == empty
    assert dump(shop) == before


@pytest.mark.parametrize("ours", [ours for ours, _ in PAIRS])
def test_migration_with_a_transaction_is_refused(ours: str, shop: Estate) -> None:
    shop.write("meadow", "0002_step", ours)

    assert refuse(shop).endswith(
        ": its migration runs in one transaction, and this commits step by step: write `atomic = False` into the "
        "Migration class; nothing was changed"
    )


# --- NOT NULL --------------------------------------------------------------------------------------------------------
def test_rows_without_a_value_get_one_and_others_keep_theirs(shop: Estate) -> None:
    write_steps(shop, REQUIRE)
    before = list_wares(shop, "id", "note")

    shop.migrate("meadow")

    assert list_wares(shop, "id", "note") == [(id_, note or "none for 4") for id_, note in before]


def test_row_without_a_value_is_named_where_none_is_given_and_nothing_is_changed(shop: Estate) -> None:
    write_steps(shop, 'SetNotNull("ware", "note"),')
    before = dump(shop)

    message = refuse(shop)

    assert message == (
        "app.ware.note is NULL in the row with id = 4: give SetNotNull a value for such rows, or correct them, and run "
        "migrate again"
    )
    assert dump(shop) == before


def test_proof_that_was_begun_is_gone_on_with(shop: Estate) -> None:
    write_steps(shop, REQUIRE)
    shop.migrate("meadow")
    wanted = dump(shop)
    shop.migrate("meadow", "0001")
    name = make_name("ware_note", "filled")
    shop.query(f"ALTER TABLE app.ware ADD CONSTRAINT {name} CHECK (note IS NOT NULL) NOT VALID")

    shop.migrate("meadow")

    assert dump(shop) == wanted


# --- Checks and foreign keys -----------------------------------------------------------------------------------------
def test_row_that_breaks_a_check_is_named_and_the_check_is_gone(shop: Estate) -> None:
    write_steps(shop, f'AddCheck("ware", {CHECK.format(7)}),')
    before = dump(shop)

    message = refuse(shop)
    left = dump(shop)
    shop.query("UPDATE app.ware SET size = 1")
    shop.migrate("meadow")

    assert message == "app.ware: the row with id = 7 breaks (size < 7); correct it, and run migrate again"
    assert left == before
    with pytest.raises(psycopg.errors.CheckViolation):
        shop.query("UPDATE app.ware SET size = 7")


def test_foreign_key_without_a_constraint_gets_one_and_the_row_that_breaks_it_is_named(shop: Estate) -> None:
    first = f'migrations.AddField("ware", "spare", {LOOSE}),'
    write_steps(shop, first, f'AddForeignKey("ware", "spare", {KEY}),')
    shop.migrate("meadow", "0002")
    loose = dump(shop)
    shop.query("UPDATE app.ware SET spare_id = 77 WHERE id = 3")

    message = refuse(shop)
    shop.query("UPDATE app.ware SET spare_id = 1 WHERE id = 3")
    shop.migrate("meadow")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        shop.query("UPDATE app.ware SET spare_id = 77")
    shop.migrate("meadow", "0002")

    assert message == (
        'app.ware: insert or update on table "ware" violates foreign key constraint '
        '"ware_spare_id_2b8b5b07_fk_shelf_id" (Key (spare_id)=(77) is not present in table "shelf"); add or correct '
        "that row, and run migrate again"
    )
    assert dump(shop) == loose


def test_foreign_key_that_can_not_be_empty_is_refused(shop: Estate) -> None:
    write_steps(shop, f'AddForeignKey("ware", "spare", {KEY.replace("null=True", "default=1")}),')

    assert refuse(shop) == (
        "meadow.Ware.spare must be a ForeignKey with null=True to be added to a table that is in use: fill it, then "
        "use SetNotNull; or use AddField"
    )


# --- Written meanwhile, and names that are taken ---------------------------------------------------------------------
def write_after(monkeypatch: pytest.MonkeyPatch, shop: Estate, *notes: str | None) -> None:
    """Write a row for each note, with another connection, once the rows that were there are filled."""
    run, left = Backfill.run, list(notes)

    def run_and_write(backfill: Backfill, **options: bool) -> None:
        run(backfill, **options)
        if left:
            shop.query("INSERT INTO app.ware (name, size, note) VALUES ('late', 90, %s)", left.pop())

    monkeypatch.setattr(Backfill, "run", run_and_write)


def test_row_that_is_written_without_a_value_meanwhile_is_filled_too(
    shop: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_steps(shop, REQUIRE)
    write_after(monkeypatch, shop, None)

    shop.migrate("meadow")

    assert list_wares(shop, "note")[-1] == ("none for 11",)


def test_rows_that_are_written_all_the_time_do_not_keep_it_from_an_end(
    shop: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_steps(shop, REQUIRE)
    find, seen = Backfill.run_once, []

    def write_and_find(backfill: Backfill) -> int:
        seen.append(1)
        with suppress(psycopg.errors.CheckViolation):  # once the check keeps them out
            shop.query("INSERT INTO app.ware (name, size) VALUES ('late', %s)", 100 + len(seen))
        return find(backfill)

    monkeypatch.setattr(Backfill, "run_once", write_and_find)
    shop.migrate("meadow")

    assert len(seen) == 2
    assert not [note for (note,) in list_wares(shop, "note") if note is None]


def test_row_whose_value_is_null_is_named_before_anything_is_changed(shop: Estate) -> None:
    write_steps(shop, """SetNotNull("ware", "note", value="NULL", pause=0),""")
    before = dump(shop)

    assert "app.ware.note is NULL in the row with id = 4" in refuse(shop)
    assert dump(shop) == before


IS_OTHER = "is there already and is another:"
FILLED, INDEX = make_name("ware_note", "filled"), "ware_spare_id_2b8b5b07"
MAKES_INDEX = f'this migration makes CREATE INDEX "{INDEX}" ON "app"."ware" USING btree (spare_id)'
TAKEN = [
    (
        f'AddCheck("ware", {CHECK.format(20)}),',
        "ALTER TABLE app.ware ADD CONSTRAINT ware_small CHECK (size < 21)",
        f"constraint ware_small of app.ware {IS_OTHER} CHECK ((size < 21)); this migration makes CHECK ((size < 20))",
    ),
    (
        REQUIRE,
        f"ALTER TABLE app.ware ADD CONSTRAINT {FILLED} CHECK (size IS NOT NULL) NOT VALID",
        f"constraint {FILLED} of app.ware {IS_OTHER} CHECK ((size IS NOT NULL)) NOT VALID; this migration makes CHECK "
        "((note IS NOT NULL))",
    ),
    (
        f'AddForeignKey("ware", "spare", {KEY}),',
        f"CREATE INDEX {INDEX} ON app.ware (shelf_id)",
        f"app.{INDEX} {IS_OTHER} CREATE INDEX {INDEX} ON app.ware USING btree (shelf_id); {MAKES_INDEX}",
    ),
    (
        f'AddForeignKey("ware", "spare", {KEY}),',
        f"CREATE INDEX {INDEX} ON app.shelf (id)",
        f"app.{INDEX} {IS_OTHER} CREATE INDEX {INDEX} ON app.shelf USING btree (id); {MAKES_INDEX}",
    ),
    (
        f'AddForeignKey("ware", "spare", {KEY}),',
        f"ALTER TABLE app.ware ADD CONSTRAINT {INDEX}_fk_shelf_id FOREIGN KEY (shelf_id) REFERENCES app.shelf",
        f"constraint {INDEX}_fk_shelf_id of app.ware {IS_OTHER} FOREIGN KEY (shelf_id) REFERENCES app.shelf(id); this "
        "migration makes FOREIGN KEY (spare_id) REFERENCES app.shelf(id) ON DELETE CASCADE DEFERRABLE INITIALLY "
        "DEFERRED",
    ),
]
NAMED = "SELECT conname::text FROM pg_constraint UNION SELECT relname FROM pg_class"


@pytest.mark.parametrize(("operation", "statement", "says"), TAKEN)
def test_other_constraint_or_index_of_the_name_is_refused_each_time_and_kept(
    operation: str, statement: str, says: str, shop: Estate
) -> None:
    shop.query(f"SET ROLE app_owner; {statement}")
    write_steps(shop, operation)

    messages = {refuse(shop) for _ in range(2)}
    name = says.removeprefix("constraint ").split(" ")[0].removeprefix("app.")

    assert messages == {f"{says}. Rename or drop the one, or give the other another name, and run migrate again"}
    assert (name,) in shop.query(NAMED)
