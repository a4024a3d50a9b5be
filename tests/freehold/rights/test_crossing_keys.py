"""Keys into another owner's tables that keep it from deleting its rows, as the service that deletes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from freehold.rights.look import find_drift
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql

# Keys into another owner's tables: the statements, what is found, and whether a row of field.plot can be deleted.
PLOT = "REFERENCES field.plot"
TWIG = f"CREATE TABLE wood.twig (id int PRIMARY KEY, plot int {{}} {PLOT} ON DELETE {{}})"
PLOTS = " of a key to field.plot{}; declared: ON DELETE CASCADE, SET NULL or SET DEFAULT"
LEAF = "; CREATE TABLE wood.leaf (twig int REFERENCES wood.twig{})"
HELD = [
    (TWIG.format("", "NO ACTION"), "twig (twig_plot_fkey): ON DELETE NO ACTION", ""),
    (TWIG.format("", "RESTRICT"), "twig (twig_plot_fkey): ON DELETE RESTRICT", ""),
    (TWIG.format("", "NO ACTION DEFERRABLE INITIALLY DEFERRED"), "twig (twig_plot_fkey): ON DELETE NO ACTION", ""),
    (
        f"CREATE TABLE wood.twig (plot int); ALTER TABLE wood.twig ADD FOREIGN KEY (plot) {PLOT} NOT VALID",
        "twig (twig_plot_fkey): ON DELETE NO ACTION",
        "",
    ),
    (
        "CREATE TABLE wood.twig (plot int) PARTITION BY LIST (plot); "
        f"CREATE TABLE wood.twig_1 PARTITION OF wood.twig (FOREIGN KEY (plot) {PLOT}) DEFAULT",
        "twig_1 (twig_1_plot_fkey): ON DELETE NO ACTION",
        "",
    ),
    (
        TWIG.format("NOT NULL", "SET NULL"),
        "twig (twig_plot_fkey): ON DELETE SET NULL",
        ", of a column that takes no NULL",
    ),
    (
        TWIG.format("NOT NULL", "SET DEFAULT"),
        "twig (twig_plot_fkey): ON DELETE SET DEFAULT",
        ", of a column that takes no NULL",
    ),
]


@pytest.fixture
def plot(made: Estate) -> Iterator[int]:
    """A row of field.plot, and nothing of wood's that was not there afterwards."""
    ((number,),) = made.execute("INSERT INTO field.plot (keeper) VALUES ('x') RETURNING id")
    yield number
    made.execute("DROP TABLE IF EXISTS wood.leaf, wood.twig CASCADE; DELETE FROM field.plot")


def delete(made: Estate, number: int) -> None:
    """Delete the plot as the service of its owner."""
    made.execute(f"SET freehold.user_id = 'x'; DELETE FROM field.plot WHERE id = {number}", user="farm")


def insert(made: Estate, table: str, columns: str, values: str) -> None:
    made.execute(f"INSERT INTO wood.{table} ({columns}) VALUES ({values})")


@pytest.mark.parametrize(("statements", "found", "more"), HELD, ids=[each[0] for each in HELD])
def test_key_that_holds_another_owners_rows_is_named(
    statements: str, found: str, more: str, made: Estate, plot: int
) -> None:
    made.execute(f"SET ROLE wood@; {statements}")
    made.apply()
    has_id = "id int" in statements
    insert(made, "twig", "id, plot" if has_id else "plot", f"1, {plot}" if has_id else str(plot))

    assert made.tell() == [f"D041 wood.{found}{PLOTS.format(more)}"]
    with pytest.raises(psycopg.IntegrityError):
        delete(made, plot)


@pytest.mark.parametrize("action", ["", " ON DELETE RESTRICT"])
def test_key_to_rows_that_go_with_another_owners_is_named(action: str, made: Estate, plot: int) -> None:
    made.execute(f"SET ROLE wood@; {TWIG.format('', 'CASCADE')}{LEAF.format(action)}")
    made.apply()
    insert(made, "twig", "id, plot", f"1, {plot}")
    insert(made, "leaf", "twig", "1")
    word = action.removeprefix(" ON DELETE ") or "NO ACTION"

    assert made.tell() == [
        f"D041 wood.leaf (leaf_twig_fkey): ON DELETE {word} of a key to wood.twig, whose rows go with those of "
        "field.plot; declared: ON DELETE CASCADE, SET NULL or SET DEFAULT"
    ]
    with pytest.raises(psycopg.IntegrityError):
        delete(made, plot)
    made.execute("ALTER TABLE wood.leaf DROP CONSTRAINT leaf_twig_fkey")
    assert made.check(anew=False) == []
    delete(made, plot)


@pytest.mark.parametrize(
    "statements",
    [
        TWIG.format("", "CASCADE"),
        TWIG.format("", "SET NULL ON UPDATE RESTRICT"),
        TWIG.format("", "CASCADE") + LEAF.format(" ON DELETE CASCADE"),
        TWIG.format("", "SET NULL") + LEAF.format(""),
    ],
)
def test_key_that_lets_go_is_silent(statements: str, made: Estate, plot: int) -> None:
    made.execute(f"SET ROLE wood@; {statements}")
    made.apply()
    insert(made, "twig", "id, plot", f"1, {plot}")

    assert made.tell() == []
    delete(made, plot)


def test_key_that_is_not_enforced_is_silent(made: Estate, plot: int) -> None:
    if made.execute("SELECT current_setting('server_version_num')::int < 180000") == [(True,)]:
        pytest.skip("PostgreSQL 18 has keys that are not enforced")
    made.execute(f"SET ROLE wood@; {TWIG.format('', 'NO ACTION NOT ENFORCED')}")
    made.apply()

    assert made.tell() == []
    made.execute("ALTER TABLE wood.twig ALTER CONSTRAINT twig_plot_fkey ENFORCED")
    assert [each[:4] for each in made.tell()] == ["D041"]


def test_key_says_its_way_out_and_the_map_may_let_it(made: Estate, plot: int) -> None:
    made.execute(f"SET ROLE wood@; {HELD[0][0]}")
    made.apply()
    (found,) = made.check()
    contracts = [
        replace(each, on_delete=("NO ACTION",)) if each.reference else each for each in made.ownership.contracts
    ]

    assert made.plain(found.hint) == (
        "Make it anew with ON DELETE CASCADE or ON DELETE SET NULL or ON DELETE SET DEFAULT "
        "(on_delete=models.DB_CASCADE and its like), or let it: "
        'on_delete=("CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION") of Contract("field", consumer="wood")'
    )
    with made.connect() as session:
        assert find_drift(session, replace(made.ownership, contracts=tuple(contracts)), anew=True) == []


def test_key_of_a_schema_that_no_map_names_is_named(made: Estate, plot: int) -> None:
    made.execute(f"CREATE SCHEMA moor; CREATE TABLE moor.twig (plot int {PLOT})")
    found = made.check()
    made.execute("DROP SCHEMA moor CASCADE")

    assert [each.rule for each in found] == ["D010", "D041"]
    assert found[1].object == "moor.twig (twig_plot_fkey)"
    assert found[1].hint.startswith("Drop the key, or make it anew with ON DELETE CASCADE")


def test_key_that_holds_another_owners_rows_is_named_until_it_is_made_anew(made: Estate) -> None:
    key = "ALTER TABLE wood.tree ADD FOREIGN KEY (id) REFERENCES field.plot"
    drop = "ALTER TABLE wood.tree DROP CONSTRAINT tree_id_fkey"
    made.execute(key)
    found = made.tell()
    made.execute(f"{drop}; {key} ON DELETE CASCADE")

    assert found == [
        "D041 wood.tree (tree_id_fkey): ON DELETE NO ACTION of a key to field.plot; "
        "declared: ON DELETE CASCADE, SET NULL or SET DEFAULT"
    ]
    assert made.tell() == []
    made.execute(drop)
