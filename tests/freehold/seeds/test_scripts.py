"""Seeds as pairs of SQL files: up, down and up again on both dialects, and whose rows a way down may not take."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from freehold.acting.logins import SUPERUSER, using_login
from freehold.errors import SeedError
from freehold.scripts.pairs import shorten
from freehold.seeds.registry import list_seeds
from tests.dialect import DIALECT
from tests.freehold.seeds.shops import Shop, get_categories, list_history
from tests.seeded import ALIAS, run_seed

NAME = "20260301120000_floor"
ID = "00000000000040008000{:012}"
VALUES = "('{id}', '{path}', '{path}', '50% of {path}; all', 0, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00')"
INSERT = """
INSERT INTO master.categories (id, path, slug, name, position, created_at, updated_at) VALUES {} ON CONFLICT DO NOTHING;
"""
DOWN = "DELETE FROM master.categories WHERE path IN ({});"
OWNER = "master_owner" if DIALECT == "postgresql" else ""


def write(shop: Shop, *paths: str, name: str = NAME, kind: str = "reference", down: str = "", header: str = "") -> None:
    rows = [VALUES.format(id=ID.format(number), path=path) for number, path in enumerate(paths, len(name))]
    quoted = ", ".join(f"'{path}'" for path in paths)
    up = f"-- kind: {kind}\n{header}" + INSERT.format(", ".join(rows))
    shop.write_pair(name, up, down or DOWN.format(quoted))


def fail(call: Callable[..., str], *arguments: str) -> str:
    with pytest.raises(SeedError) as caught:
        call(*arguments)
    return str(caught.value)


def read_rows() -> list[tuple[Any, ...]]:
    return list(get_categories().order_by("path").values_list())


def get_status(name: str = NAME) -> dict[str, Any]:
    listed = {each["name"]: each for each in json.loads(run_seed("status", "--format", "json"))}
    return {key: value for key, value in listed[f"shop.{name}"].items() if key not in ("name", "since")}


def execute(statement: str) -> None:
    """Run a statement as whoever may; `categories` stands for the table's name."""
    table = "master.categories" if DIALECT == "postgresql" else '"master.categories"'
    with using_login(connections[ALIAS], SUPERUSER), connections[ALIAS].cursor() as cursor:
        cursor.execute(statement.replace("categories", table))


# --- Up and down -----------------------------------------------------------------------------------------------------
def test_up_down_up_leaves_the_identical_rows(shop: Shop) -> None:
    write(shop, "shop-a", "shop-b")

    printed = shop.up()
    first = read_rows()
    assert shop.down() == f"  shop.{NAME}: 2 rows removed\n"
    between = read_rows()
    shop.up()

    assert printed.startswith(f"  shop.{NAME}: 2 rows added, 0.")
    assert get_categories().get(path="shop-a").name == "50% of shop-a; all"
    assert (len(first), between, read_rows()) == (2, [], first)
    assert [entry[:3] for entry in list_history(NAME)] == [(way, "ok", OWNER) for way in ("up", "down", "up")]


def test_up_twice_runs_nothing(shop: Shop) -> None:
    write(shop, "shop-a")
    shop.up()
    get_categories().all().delete()

    assert shop.up() == f"  shop.{NAME}: nothing to add\nNothing to do: every seed is up.\n"
    assert len(list_history(NAME)) == 1


def test_down_of_what_is_not_up_does_nothing(shop: Shop) -> None:
    write(shop, "shop-a")
    get_categories().create(path="shop-a", slug="shop-a", name="By hand")

    assert shop.down() == f"  shop.{NAME}: 0 rows removed\nNothing to do: none of their rows is there.\n"
    assert shop.list_categories() == [("shop-a", "By hand")]


def test_variant_is_read_in_place_of_the_common_file(shop: Shop) -> None:
    write(shop, "shop-a")
    row = VALUES.format(id=ID.format(7), path=f"shop-{DIALECT}")
    shop.write_pair(NAME, None, None, **{f"up_{DIALECT}": INSERT.format(row)})

    shop.up()

    assert shop.list_categories() == [(f"shop-{DIALECT}", f"50% of shop-{DIALECT}; all")]


def test_sql_and_python_seeds_stand_in_one_order(shop: Shop) -> None:
    shop.write_categories("0001_walls", "shop-w", depends=("shop.0003_ground",))
    write(shop, "shop-a", name="0002_floor")
    write(shop, "shop-g", name="0003_ground")
    write(shop, "shop-r", name="20260301120000_roof", header="-- depends: shop.0001_walls, shop.0002_floor\n")

    names = [seed.name.partition("_")[2] for seed in list_seeds() if seed.app == "shop"]
    shop.up()

    assert names == ["ground", "walls", "floor", "roof"]
    assert [path for path, _ in shop.list_categories()] == ["shop-a", "shop-g", "shop-r", "shop-w"]


def test_demo_seed_is_skipped_where_debug_is_off(shop: Shop, settings: Any) -> None:
    settings.DEBUG = False
    write(shop, "shop-a", kind="demo")

    assert f"shop.{NAME}" in run_seed("up").splitlines()[0]
    assert shop.list_categories() == []


# --- Status ----------------------------------------------------------------------------------------------------------
def test_status_counts_what_up_put_there(shop: Shop) -> None:
    write(shop, "shop-a", "shop-b")
    same = {"kind": "reference", "kept": 0}

    assert get_status() == same | {"state": "never up", "present": 0, "declared": 0, "is_changed": None}
    shop.up()
    assert get_status() == same | {"state": "up", "present": 2, "declared": 2, "is_changed": False}
    shop.down()
    assert get_status() == same | {"state": "down", "present": 0, "declared": 0, "is_changed": None}


def test_edited_way_up_is_refused_until_it_is_accepted(shop: Shop) -> None:
    write(shop, "shop-a")
    shop.up()
    write(shop, "shop-a", "shop-b")

    assert fail(shop.up) == (
        f"seed shop.{NAME} was edited since it went up ({shorten(shop.seeds)}/{NAME}.*.sql): put the files back and "
        "write a new seed, or run the edited one over the rows that are there by `manage.py seed up "
        f"shop.{NAME} --accept`"
    )
    assert [path for path, _ in shop.list_categories()] == ["shop-a"]
    assert get_status()["is_changed"] is True

    printed = shop.up("shop", "--accept")

    assert printed.startswith(f"  shop.{NAME}: its source has changed since, 1 row added, 0.")
    status = get_status()
    assert (status["present"], status["is_changed"]) == (2, False)
    assert shop.down() == f"  shop.{NAME}: 2 rows removed\n"


def test_edited_way_down_is_refused_until_it_is_accepted(shop: Shop) -> None:
    write(shop, "shop-a")
    shop.up()
    with (shop.seeds / f"{NAME}.down.sql").open("a") as file:
        file.write("-- more")

    assert "was edited since it went up" in fail(shop.up)
    assert shop.up("shop", "--accept") == f"  shop.{NAME}: its source has changed since, nothing to add\n"
    assert get_status()["is_changed"] is False


def test_edited_seed_stops_all_before_any_is_up(shop: Shop) -> None:
    write(shop, "shop-b", name="0002_walls")
    shop.up()
    write(shop, "shop-b", "shop-c", name="0002_walls")
    write(shop, "shop-a", name="0001_floor")

    fail(shop.up)

    assert [path for path, _ in shop.list_categories()] == ["shop-b"]


# --- Rows of others --------------------------------------------------------------------------------------------------
@pytest.fixture
def notes(shop: Shop) -> Iterator[Callable[[str], None]]:
    """Give a function that makes a table whose rows point at the categories, with what it does when one goes."""
    connection = connections[ALIAS]
    kind = "uuid" if DIALECT == "postgresql" else "char(32)"
    table = "master.shop_notes" if DIALECT == "postgresql" else '"master.shop_notes"'

    def make(on_delete: str) -> None:
        execute(f"CREATE TABLE {table} (id int PRIMARY KEY, about {kind} REFERENCES categories (id) {on_delete})")
        execute(f"INSERT INTO {table} SELECT 1, id FROM categories WHERE path = 'shop-a'")

    yield make
    connection.close()
    execute(f"DROP TABLE {table}")


def test_down_refuses_where_rows_of_others_would_go_along(shop: Shop, notes: Callable[[str], None]) -> None:
    write(shop, "shop-a")
    shop.up()
    notes("ON DELETE CASCADE")

    message = fail(shop.down)

    assert message == (
        f"seed shop.{NAME} not taken down, and nothing changed: it would delete 1 row of master.shop_notes, where the "
        f"seed put 0. Move or delete the rows of others, or let {shorten(shop.seeds)}/{NAME}.down.sql name the seed's "
        "own"
    )
    assert len(read_rows()) == 1
    assert [entry[:2] for entry in list_history(NAME)] == [("up", "ok")]


def test_down_refuses_where_rows_of_others_would_lose_what_they_point_at(
    shop: Shop, notes: Callable[[str], None]
) -> None:
    write(shop, "shop-a")
    shop.up()
    notes("ON DELETE SET NULL")

    where = "master.shop_notes" if DIALECT == "postgresql" else "another table"
    assert f": 1 row of {where} would lose what they point at. Move" in fail(shop.down)
    assert len(read_rows()) == 1


def test_down_refuses_where_the_database_does(shop: Shop, notes: Callable[[str], None]) -> None:
    write(shop, "shop-a")
    shop.up()
    notes("DEFERRABLE INITIALLY DEFERRED")

    assert fail(shop.down).startswith("nothing was taken down: ")
    assert len(read_rows()) == 1


def test_down_refuses_to_delete_more_rows_than_up_put_there(shop: Shop) -> None:
    write(shop, "shop-a", down="DELETE FROM master.categories WHERE path LIKE 'shop%';")
    shop.up()
    get_categories().create(path="shop-b", slug="shop-b", name="By hand")

    assert ": it would delete 2 rows of master.categories, where the seed put 1. Move" in fail(shop.down)
    assert len(read_rows()) == 2


def test_row_that_a_person_made_before_is_not_taken_for_the_seed_s(shop: Shop) -> None:
    get_categories().create(path="shop-a", slug="shop-a", name="By hand")
    write(shop, "shop-a", "shop-b")
    shop.up()

    assert "it would delete 2 rows of master.categories, where the seed put 1" in fail(shop.down)
    assert ("shop-a", "By hand") in shop.list_categories()


def test_python_seed_goes_with_the_sql_seed_that_needs_it(shop: Shop) -> None:
    shop.write_categories("0001_walls", "shop-w")
    child = INSERT.replace("position,", "position, parent_id,").format(
        VALUES.format(id=ID.format(9), path="c").replace("'c', 'c'", "'shop-w/c', 'c'").replace(
            " 0,", " 0, (SELECT id FROM master.categories WHERE path = 'shop-w'),"
        )
    )  # fmt: skip
    shop.write_pair(
        NAME,
        f"-- kind: demo\n-- depends: shop.0001_walls\n{child}",
        "DELETE FROM master.categories WHERE path = 'shop-w/c'",
    )
    shop.up()

    with pytest.raises(SeedError):
        shop.down("shop.0001_walls")
    shop.down()

    assert shop.list_categories() == []


@pytest.mark.postgresql
def test_sql_seed_runs_as_the_owner_of_its_schema(shop: Shop) -> None:
    up = "-- kind: demo\nINSERT INTO app.runs (id) VALUES (1) ON CONFLICT DO NOTHING;"
    shop.write_pair(NAME, up, DOWN.format("1"))

    assert fail(shop.up) == (f"seed shop.{NAME} was not applied, and nothing changed: permission denied for schema app")
    assert [entry[:3] for entry in list_history(NAME)] == [("up", "failed", "master_owner")]


# --- What is wrong ---------------------------------------------------------------------------------------------------
def test_wrong_statement_is_named_with_its_line_and_nothing_changes(shop: Shop) -> None:
    write(shop, "shop-a", header="-- depends:\n")
    path = shop.seeds / f"{NAME}.up.sql"
    path.write_text(path.read_text() + "\nINSERT INTO master.kategories (id) VALUES (1);")

    message = fail(shop.up)

    line = path.read_text()[: path.read_text().index("INSERT INTO master.kategories")].count("\n") + 1
    assert message.startswith(f"seed shop.{NAME} was not applied, and nothing changed: {shorten(path)}:{line}: ")
    assert message.endswith("; correct the statement and run it again")
    assert shop.list_categories() == []
    assert [entry[:2] for entry in list_history(NAME)] == [("up", "failed")]


KINDS = "begin {place}.up.sql with `-- kind: reference` or `-- kind: demo`"
GONE = "is missing: write it, or remove the file that is there"
REFUSED = "was not applied, and nothing changed: {place}.up.sql"
EMPTY = "holds no statement: write it, or where there is nothing to do, the line `-- nothing to do: REASON`"
COMMIT = "COMMIT has no place here, since the file runs in a transaction that is not its own: take it out"


@pytest.mark.parametrize(
    ("up", "down", "message"),
    [
        ("SELECT 1", "SELECT 1", f"seed {{name}} says no kind: {KINDS}"),
        ("-- kind: test\nSELECT 1", "SELECT 1", f"seed {{name}} is of kind 'test': {KINDS}"),
        ("-- kind: demo\nSELECT 1", None, f"seed {{name}}: {{place}}.down.sql {GONE}"),
        (None, "SELECT 1", f"seed {{name}}: {{place}}.up.sql {GONE}"),
        ("-- kind: demo\n-- depends: a.1_x", "SELECT 1", "seed {name} depends on a.1_x, which does not exist"),
        ("-- kind: demo\n", "SELECT 1", f"seed {{name}} {REFUSED} {EMPTY}"),
        ("-- kind: demo\nCOMMIT;", "SELECT 1", f"seed {{name}} {REFUSED}:2: {COMMIT}"),
    ],
)
def test_wrong_declaration_is_told_in_one_line(shop: Shop, up: str | None, down: str | None, message: str) -> None:
    shop.write_pair(NAME, up, down)

    assert fail(shop.up) == message.format(name=f"shop.{NAME}", place=f"{shorten(shop.seeds)}/{NAME}")


def test_same_number_in_sql_and_python_is_named(shop: Shop) -> None:
    shop.write_categories("0001_walls", "shop-w")
    write(shop, "shop-a", name="0001_floor")

    assert fail(shop.up) == "app shop has two seeds 0001, 0001_floor.up.sql and 0001_walls.py: renumber one"


def test_same_name_in_sql_and_python_is_named(shop: Shop) -> None:
    shop.write_categories("0001_walls", "shop-w")
    write(shop, "shop-a", name="0001_walls")

    assert fail(shop.up) == "app shop has two seeds 0001, 0001_walls.py and 0001_walls.up.sql: renumber one"
