"""Seeds that are declared wrongly: one line that names the file or the thing, and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from freehold.errors import SeedError
from freehold.seeds.registry import list_seeds
from tests.freehold.seeds.shops import Shop

ROWS = """
from freehold.seeds import Rows, Seed
SEED = Seed(kind={kind}, depends={depends}, sources={sources}, rows=(
    Rows({model}, key={key}, fields={fields}, read=lambda: {rows}),
))
"""


def write_rows(shop: Shop, name: str = "0001_shelves", **parts: str) -> None:
    defaults = {"kind": "'demo'", "depends": "()", "sources": "()", "model": "'master.Category'", "key": "('path',)"}
    defaults |= {"fields": "('path', 'slug', 'name')", "rows": "[('shop', 'shop', 'Shop')]"}
    shop.write(name, ROWS.format(**{**defaults, **parts}))


def fail(shop: Shop) -> str:
    with pytest.raises(SeedError) as caught:
        shop.up()
    assert shop.list_categories() == []
    return str(caught.value)


def test_file_without_a_seed_is_named(shop: Shop) -> None:
    shop.write("0001_shelves", "ROWS = ()")

    path = Path(shop.seeds / "0001_shelves.py")
    assert fail(shop) == f"seed shop.0001_shelves: {path} declares no SEED: add `SEED = Seed(kind=…, rows=…)`"


def test_two_files_of_one_number_are_named(shop: Shop) -> None:
    shop.write_categories("0001_floor", "shop")
    shop.write_categories("0001_walls", "shop")

    assert fail(shop) == "app shop has two seeds 0001, 0001_floor.py and 0001_walls.py: renumber one"


def test_seeds_that_wait_for_each_other_are_named(shop: Shop) -> None:
    shop.write_categories("0001_floor", "shop", depends=("shop.0002_walls",))
    shop.write_categories("0002_walls", "shop", depends=("shop.0001_floor",))

    assert fail(shop) == ("seeds depend on each other in a circle: shop.0001_floor → shop.0002_walls → shop.0001_floor")


def test_seeds_come_after_what_they_depend_on(shop: Shop) -> None:
    shop.write_categories("0001_walls", "shop-b", depends=("shop.0003_ground",))
    shop.write_categories("0002_roof", "shop-c", depends=("shop.0001_walls",))
    shop.write_categories("0003_ground", "shop")

    names = [seed.name for seed in list_seeds() if seed.app == "shop"]

    assert names == ["shop.0003_ground", "shop.0001_walls", "shop.0002_roof"]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"kind": "'test'"}, "seed shop.0001_shelves is of kind 'test': it takes reference or demo"),
        ({"depends": "('shop.0009_x',)"}, "seed shop.0001_shelves depends on shop.0009_x, which does not exist"),
        ({"model": "'master.Shelf'"}, "seed shop.0001_shelves: there is no model master.Shelf"),
        (
            {"model": "'items.Favorite'", "key": "('user',)", "fields": "('user',)", "rows": "[]"},
            "seed shop.0001_shelves writes app.favorites, which is not in its schema, master: move these rows to a "
            "seed of an app that lies where app.favorites does",
        ),
        (
            {"fields": "('path', 'slug', 'title')"},
            "seed shop.0001_shelves: master.Category has no column for a field 'title'",
        ),
        (
            {"rows": "[('shop', 'shop')]"},
            "seed shop.0001_shelves: a row of master.Category has 2 values for 3 fields: ('shop', 'shop')…",
        ),
        (
            {"rows": "[('shop', 'shop', 'A'), ('shop', 'shop', 'B')]"},
            "seed shop.0001_shelves: 2 rows of master.Category have the key 'shop': keys tell rows apart",
        ),
        (
            {"sources": "('no-such-package',)"},
            "seed shop.0001_shelves: its source no-such-package is not installed: pip install no-such-package",
        ),
        (
            {"sources": "(__import__('pathlib').Path('/nowhere/rows.txt'),)"},
            "seed shop.0001_shelves: its source /nowhere/rows.txt can't be read: No such file or directory",
        ),
        (
            {"key": "('slug', 'parent')"},
            "seed shop.0001_shelves: master.Category has parent in its key, not among its fields",
        ),
        (
            {"fields": "('path', 'slug', 'parent')"},
            "seed shop.0001_shelves: master.Category.parent is a foreign key: say in `references` by which fields of "
            "the other model its rows are told",
        ),
        (
            {"rows": "open('/nowhere/rows.txt')"},
            "seed shop.0001_shelves: the rows of master.Category can't be read: [Errno 2] No such file or directory: "
            "'/nowhere/rows.txt'",
        ),
        (
            {"rows": "[('shop', 'shop', int('x'))]"},
            "seed shop.0001_shelves: the rows of master.Category can't be read: invalid literal for int() with base "
            "10: 'x'",
        ),
    ],
)
def test_wrong_declaration_is_told_in_one_line(shop: Shop, parts: dict[str, str], message: str) -> None:
    write_rows(shop, **parts)

    assert fail(shop) == message
