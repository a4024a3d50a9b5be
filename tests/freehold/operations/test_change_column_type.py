"""A column gets another type in two releases, and values are converted both ways."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.freehold.migrator.estates import Estate
from tests.freehold.operations.shops import dump, list_lines, list_wares, open_shop, refuse, rewrite_steps, write_steps

pytestmark = pytest.mark.postgresql

# Numbers in a text, of which some have leading noughts: the number forgets them.
CODE = 'migrations.AddField("ware", "code", models.CharField(max_length=9, db_index=True, default="007")),'
CHANGE = """
ChangeColumnType("ware", "code",
    old=models.CharField(max_length=9, db_index=True, default="007"),
    new=models.IntegerField(db_index=True, default=7, db_column="code_number"),
    step="{step}", forward="CAST(code AS integer)", backward="CAST(code_number AS text)", batch_size=3, pause=0),
"""
SIZE = """
ChangeColumnType("ware", "size",
    old=models.PositiveIntegerField(db_index=True),
    new=models.CharField(max_length=9, db_index=True, db_column="size_text"),
    step="{step}", forward="CAST(size AS varchar)", backward="CAST(size_text AS integer)"),
"""


@pytest.fixture
def shop(estate: Estate) -> Estate:
    """Ten wares with a code, and both steps of its change; none is applied."""
    open_shop(estate)
    write_steps(estate, CODE, *(CHANGE.format(step=step) for step in ("expand", "contract")))
    estate.migrate("meadow", "0002")
    estate.query("UPDATE app.ware SET code = '00' || id WHERE id > 1")
    return estate


@pytest.fixture
def api(shop: Estate) -> Iterator[psycopg.Connection]:
    """A service's login."""
    with psycopg.connect(**{**shop.server, "user": "api_rw"}, autocommit=True) as session:
        yield session


@pytest.mark.parametrize("height", ["0003", "0004"])
def test_up_down_and_up_again_leaves_the_same_catalogue(height: str, shop: Estate) -> None:
    shop.migrate("meadow", height)
    before = dump(shop)

    shop.migrate("meadow", "0002")
    shop.migrate("meadow", height)

    assert dump(shop) == before


def test_contraction_taken_back_leaves_what_the_expansion_made_but_for_the_columns_order(shop: Estate) -> None:
    shop.migrate("meadow", "0003")
    before = dump(shop)

    shop.migrate("meadow", "0004")
    shop.migrate("meadow", "0003")

    assert list_lines(dump(shop)) == list_lines(before)


@pytest.mark.parametrize("change", [CHANGE, SIZE])
def test_both_steps_leave_what_django_leaves(change: str, estate: Estate) -> None:
    open_shop(estate)
    write_steps(estate, CODE, *(change.format(step=step) for step in ("expand", "contract")))
    estate.migrate("meadow")
    ours = dump(estate)
    estate.migrate("meadow", "0001")
    name, field = change.split('"')[3], change.split("new=")[1].split(",\n")[0]
    rewrite_steps(estate, CODE, f'migrations.AlterField("ware", "{name}", {field}),')

    estate.migrate("meadow")

    made = [line for line in list_lines(ours) if "size_text_5e6e5a62_like" not in line]  # AlterField forgets this index
    assert made == list_lines(dump(estate))


def test_check_of_a_positive_number_is_made_again_as_it_was(estate: Estate) -> None:
    open_shop(estate)
    write_steps(estate, *(SIZE.format(step=step) for step in ("expand", "contract")))
    before = dump(estate)

    estate.migrate("meadow")
    estate.migrate("meadow", "0001")

    assert list_lines(dump(estate)) == list_lines(before)


def test_what_a_conversion_forgets_stays_in_the_old_column(shop: Estate, api: psycopg.Connection) -> None:
    shop.migrate("meadow", "0003")
    filled = list_wares(shop, "code", "code_number")[:3]

    api.execute("UPDATE app.ware SET code = '0099' WHERE id = 1")
    api.execute("UPDATE app.ware SET code_number = 88 WHERE id = 2")
    api.execute("UPDATE app.ware SET code_number = 3, code = '003', note = 'saved whole' WHERE id = 3")
    api.execute("INSERT INTO app.ware (size, code) VALUES (55, '0055')")
    api.execute("INSERT INTO app.ware (name, size, code_number) VALUES ('x', 56, 56)")

    assert filled == [("007", 7), ("002", 2), ("003", 3)]
    rows = list_wares(shop, "code", "code_number")
    assert rows[:3] == [("0099", 99), ("88", 88), ("003", 3)]
    assert rows[10:] == [("0055", 55), ("56", 56)]


def test_what_the_way_back_forgets_stays_in_the_new_column(estate: Estate) -> None:
    open_shop(estate)
    change = """
    ChangeColumnType("ware", "size", models.PositiveIntegerField(db_index=True),
        models.DecimalField(max_digits=9, decimal_places=2, db_index=True, db_column="width"), "{}",
        forward="size", backward="trunc(width)"),
    """
    write_steps(estate, *map(change.format, ("expand", "contract")))
    estate.migrate("meadow")
    estate.query("UPDATE app.ware SET width = 7.77 WHERE id = 7")

    estate.migrate("meadow", "0002")
    estate.query("UPDATE app.ware SET size = 7 WHERE id = 7")

    assert [str(value) for value in list_wares(estate, "size", "width")[6]] == ["7", "7.77"]


def test_value_that_does_not_convert_is_named_with_its_row_and_mended_by_running_again(shop: Estate) -> None:
    shop.query("UPDATE app.ware SET code = 'seven' WHERE id = 8")

    message = refuse(shop, "0003")
    filled = [number for (number,) in list_wares(shop, "code_number")]
    shop.query("UPDATE app.ware SET code = '8' WHERE id = 8")
    shop.migrate("meadow", "0003")

    assert message == (
        "app.ware.code_number of the row with id = 8 can't be set to CAST(code AS integer): invalid input syntax for "
        'type integer: "seven". Mend the row or the expression and run migrate again: it goes on with that row'
    )
    assert filled == [7, 2, 3, 4, 5, 6, 7, None, None, None]
    assert [number for (number,) in list_wares(shop, "code_number")] == [7, 2, 3, 4, 5, 6, 7, 8, 9, 10]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "CAST(code AS integer)",
            "no_such(code)",
            "app.ware.code_number can't be set to no_such(code): function no_such(character varying) does not exist. "
            "Correct the expression; nothing was changed",
        ),
        (
            'forward="CAST(code AS integer)"',
            'forward="code"',
            'app.ware.code_number can\'t be set to code: column "code_number" is of type integer but expression is of '
            "type character varying. Correct the expression; nothing was changed",
        ),
        (
            'db_column="code_number"',
            'db_column="code"',
            "meadow.Ware.code has the column code before and after Expand: ware.code gets another type, and both must "
            "be there at once: give the new field another db_column",
        ),
        (
            "db_index=True, default=7",
            "default=7",
            "meadow.Ware.code has db_index=True before and False after: ChangeColumnType changes the type alone. Do "
            "the other thing in a migration of its own",
        ),
    ],
)
def test_change_that_can_not_be_made_is_refused_with_nothing_changed(
    old: str, new: str, reason: str, estate: Estate
) -> None:
    open_shop(estate)
    write_steps(estate, CODE, CHANGE.format(step="expand").replace(old, new))
    estate.migrate("meadow", "0002")
    before = dump(estate)

    assert refuse(estate) == reason
    assert dump(estate) == before


def test_duplicate_that_a_conversion_makes_is_named(estate: Estate) -> None:
    open_shop(estate)
    change = """
    ChangeColumnType("ware", "name", old=models.CharField(max_length=40, unique=True, db_default="nameless"),
        new=models.TextField(unique=True, db_default="nameless", db_column="title"), forward="left(name, 4)"),
    """
    estate.query("ALTER TABLE app.ware DROP CONSTRAINT ware_name_once")
    write_steps(estate, change)

    assert refuse(estate) == (
        "app.ware.title can't have an index as ware_name_key is: could not create unique index "
        '"ware_name_key_new_c47bdec5" (Key (title)=(ware) is duplicated). Correct that, and run migrate again'
    )
    assert estate.query("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == [(0,)]
