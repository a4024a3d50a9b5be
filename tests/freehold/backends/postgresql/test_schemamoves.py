"""A table goes to another schema, under another name too, whatever has its old or its new name in either of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, migrations as m, models

from freehold.backends.postgresql.schemamoves import join_name
from tests.freehold.backends.conftest import make_schemas
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.catalogue import Catalogue, list_names, read_catalogue
from tests.freehold.backends.postgresql.changes import link, serial, table, text

pytestmark = pytest.mark.postgresql

NAMES = ("tables", "indexes", "sequences")  # what has its name in a schema


@pytest.fixture
def alpha(scratch: Any) -> Lab:
    """Where the table comes from, off the search path."""
    return Lab(scratch, "alpha")


@pytest.fixture
def beta(scratch: Any) -> Lab:
    """Where the table goes to."""
    return Lab(scratch, "beta")


def read(lab: Lab) -> Catalogue:
    """Give all that lies in the lab's schema."""
    with lab.connection.cursor() as cursor:
        return read_catalogue(cursor, lab.schema)


def subtract(catalogue: Catalogue, other: Catalogue, kinds: tuple[str, ...]) -> dict[str, list[Any]]:
    """Give what of these kinds is in the one and not in the other."""
    return {kind: [row for row in catalogue[kind] if row not in other[kind]] for kind in kinds}


def make(lab: Lab, name: str) -> None:
    """Make model `item` in table `name`, with a name of each kind that PostgreSQL and Django make."""
    lab.forwards(
        m.CreateModel(
            "item",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", text(unique=True)),
                ("name", text(db_index=True)),
                ("size", models.PositiveIntegerField(default=1)),
                ("up", link("item", null=True)),
                ("ties", models.ManyToManyField("lab.item", symmetrical=False)),
            ],
            options={"db_table": lab.t(name), "unique_together": {("name", "size")}},
        )
    )


def run(lab: Lab, statement: str) -> None:
    with lab.connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "decoys",
    [[], [("beta", "item")], [("alpha", "thing")], [("beta", "item"), ("alpha", "thing")]],
    ids=["nothing in the way", "old name taken there", "new name taken here", "both taken"],
)
def test_table_goes_to_another_schema_under_another_name_and_back(
    decoys: list[tuple[str, str]], scratch: Any, alpha: Lab, beta: Lab
) -> None:
    make(beta, "thing")
    expected = {kind: read(beta)[kind] for kind in NAMES}
    make_schemas(scratch, "beta")
    for schema, name in decoys:
        make(Lab(scratch, schema), name)
    around = read(alpha), read(beta)
    make(alpha, "item")
    before = read(alpha)

    alpha.forwards(m.AlterModelTable("item", "beta.thing"))

    assert subtract(read(beta), around[1], NAMES) == expected
    assert read(alpha) == around[0]
    assert subtract(around[1], read(beta), tuple(before)) == {kind: [] for kind in before}
    alpha.backwards(1)
    assert read(alpha) == before
    assert read(beta) == around[1]


def test_moved_table_works_as_before_and_changes_as_one_that_was_made_there(alpha: Lab, beta: Lab) -> None:
    make(Lab(beta.connection, "beta"), "item")
    make(alpha, "item")
    decoy = read(beta)
    first = alpha.rows("item").create(code="a", name="x")

    alpha.forwards(m.AlterModelTable("item", "beta.thing"))
    second = alpha.rows("item").create(code="b", name="y", up_id=first.pk)
    second.ties.add(first.pk)
    alpha.forwards(
        m.AlterUniqueTogether("item", set()),
        m.AlterField("item", "code", text()),
        m.AlterField("item", "name", text()),
        m.AlterField("item", "size", models.IntegerField(default=1)),
        m.RemoveField("item", "ties"),
        m.AlterField("item", "up", link("item", null=True, db_index=False, db_constraint=False)),
    )

    assert (first.pk, second.pk) == (1, 2)
    made = subtract(read(beta), decoy, ("constraints",))["constraints"]
    assert [name for _, name, kind, *_ in made if kind != "n"] == ["thing_pkey"]
    assert list_names(subtract(read(beta), decoy, NAMES), "indexes") == ["thing_pkey"]


def test_sequence_of_a_serial_column_gets_the_new_name_too(alpha: Lab, beta: Lab) -> None:
    for lab in (alpha, beta):
        lab.forwards(*serial(lab.t)[0])
    decoy = read(beta)

    alpha.forwards(m.AlterModelTable("item", "beta.thing"))

    assert subtract(read(beta), decoy, ("sequences",)) == {"sequences": [("thing_id_seq", "integer")]}
    assert [alpha.rows("item").create().pk for _ in range(2)] == [1, 2]


def test_names_left_from_an_earlier_name_of_the_table_give_way_where_they_are_taken(alpha: Lab, beta: Lab) -> None:
    make(beta, "item")
    decoy = read(beta)
    make(alpha, "item")
    alpha.forwards(m.AlterModelTable("item", "alpha.thing"))
    assert "item_pkey" in list_names(read(alpha), "indexes")

    alpha.forwards(m.AlterModelTable("item", "beta.thing"))

    found = subtract(read(beta), decoy, NAMES)
    assert {name.split("_")[0] for kind in NAMES for name in list_names(found, kind)} == {"thing"}
    assert subtract(decoy, read(beta), tuple(decoy)) == {kind: [] for kind in decoy}


def test_names_left_from_an_earlier_name_of_the_table_stay_where_they_are_free(alpha: Lab, beta: Lab) -> None:
    alpha.forwards(table(alpha.t, "item"), m.AlterModelTable("item", "alpha.thing"))

    alpha.forwards(m.AlterModelTable("item", "beta.thing"))

    assert list_names(read(beta), "indexes") == ["item_pkey"]
    assert list_names(read(beta), "sequences") == ["item_id_seq"]


def test_names_of_postgresql_are_counted_on_as_it_does_and_back(alpha: Lab, beta: Lab) -> None:
    run(beta, "CREATE TABLE beta.a (thing_pkey int); CREATE INDEX item_pkey ON beta.a (thing_pkey)")
    run(beta, "CREATE INDEX item_pkey1 ON beta.a (thing_pkey); CREATE SEQUENCE beta.item_id_seq")
    alpha.forwards(table(alpha.t, "item"))
    decoy, before = read(beta), read(alpha)

    alpha.forwards(m.AlterModelTable("item", "beta.item"))
    found = subtract(read(beta), decoy, NAMES)
    alpha.backwards(1)

    assert {kind: list_names(found, kind) for kind in NAMES} == {
        "tables": ["item"],
        "indexes": ["item_pkey2"],
        "sequences": ["item_id_seq1"],
    }
    assert read(alpha) == before
    assert read(beta) == decoy


def test_two_constraints_on_a_column_get_two_names_and_their_own_ones_back(alpha: Lab, beta: Lab) -> None:
    alpha.forwards(table(alpha.t, "item", ("code", text(unique=True))))
    run(alpha, "ALTER TABLE alpha.item ADD UNIQUE (code)")
    before = read(alpha)

    alpha.forwards(m.AlterModelTable("item", "beta.thing"))
    found = [name for name in list_names(read(beta), "indexes") if "_key" in name]
    alpha.backwards(1)

    assert found == ["thing_code_key", "thing_code_key1"]
    assert read(alpha) == before


def test_type_with_the_old_name_is_not_in_the_way(alpha: Lab, beta: Lab) -> None:
    run(beta, "CREATE TYPE beta.item AS ENUM ('x')")
    run(alpha, "CREATE TYPE alpha.thing AS ENUM ('x')")
    alpha.forwards(table(alpha.t, "item"))

    alpha.forwards(m.AlterModelTable("item", "beta.thing"))

    assert list_names(read(beta), "tables") == ["thing"]


CHOSEN = [
    models.Index(fields=["name"], name="name_pkey"),
    models.UniqueConstraint(fields=["name"], name="item_name_key"),
]


@pytest.mark.parametrize("chosen", CHOSEN, ids=["index", "constraint"])
def test_name_that_a_model_chose_stays_as_it_is(chosen: Any, alpha: Lab, beta: Lab) -> None:
    kind = "indexes" if isinstance(chosen, models.Index) else "constraints"
    alpha.forwards(table(alpha.t, "item", ("name", text()), **{kind: [chosen]}))

    alpha.forwards(m.AlterModelTable("item", "beta.thing"))

    assert chosen.name in list_names(read(beta), "indexes")


@pytest.mark.parametrize("chosen", CHOSEN, ids=["index", "constraint"])
def test_name_that_a_model_chose_and_that_is_taken_is_refused(chosen: Any, alpha: Lab, beta: Lab) -> None:
    kind = "indexes" if isinstance(chosen, models.Index) else "constraints"
    alpha.forwards(table(alpha.t, "item", ("name", text()), **{kind: [chosen]}))
    run(beta, f"CREATE TABLE beta.a (b int); CREATE INDEX {chosen.name} ON beta.a (b)")
    before = read(alpha), read(beta)

    with pytest.raises(ProgrammingError) as caught:
        alpha.forwards(m.AlterModelTable("item", "beta.thing"))

    assert str(caught.value) == f'relation "{chosen.name}" already exists in schema "beta"'
    assert (read(alpha), read(beta)) == before


@pytest.mark.parametrize("here", [True, False], ids=["new name taken here too", "new name taken there"])
def test_new_name_that_is_taken_is_refused(here: bool, alpha: Lab, beta: Lab) -> None:
    alpha.forwards(table(alpha.t, "item"))
    run(beta, "CREATE TABLE beta.thing (a int)")
    if here:
        run(alpha, "CREATE TABLE alpha.thing (a int)")
    before = read(alpha), read(beta)

    with pytest.raises(ProgrammingError) as caught:
        alpha.forwards(m.AlterModelTable("item", "beta.thing"))

    assert str(caught.value) == 'relation "thing" already exists'
    assert (read(alpha), read(beta)) == before


def test_table_comes_from_a_schema_that_is_not_known(alpha: Lab, beta: Lab) -> None:
    make_schemas(alpha.connection, "legacy")
    run(beta, "CREATE TABLE beta.item (a int)")
    lab = Lab(alpha.connection, "legacy", prefix='legacy"."')
    lab.forwards(table(lambda name: f'"legacy"."{name}"', "item"))

    lab.forwards(m.AlterModelTable("item", "beta.thing"))

    assert read(lab)["tables"] == []
    assert list_names(read(beta), "tables") == ["item", "thing"]
    run(lab, "DROP SCHEMA legacy CASCADE")


def test_name_of_another_table_on_the_search_path_is_not_mistaken_for_the_old_one(alpha: Lab, beta: Lab) -> None:
    run(beta, "CREATE SEQUENCE beta.other")
    beta.forwards(table(str, "item"))  # bare: made where the search path leads
    run(alpha, "CREATE TABLE alpha.item (id int CONSTRAINT item_pkey PRIMARY KEY)")

    beta.forwards(m.AlterModelTable("item", "alpha.thing"))

    assert list_names(read(alpha), "tables") == ["item", "thing"]
    assert list_names(read(alpha), "indexes") == ["item_pkey", "thing_pkey"]
    assert list_names(read(beta), "tables") == []


@pytest.mark.parametrize("name", ["t", "t" * 40, "t" * 63, "ü" * 30, "ü" * 31, "tü" * 20])
@pytest.mark.parametrize("column", ["c", "c" * 40, "c" * 63, "cü" * 20])
def test_made_names_are_those_of_postgresql(name: str, column: str, beta: Lab) -> None:
    run(beta, f'CREATE TABLE beta."{name}" ("{column}" serial UNIQUE, "other" int PRIMARY KEY)')

    found = read(beta)

    assert list_names(found, "sequences") == [join_name(name, column, "seq")]
    constraints = {kind: made for _, made, kind, *_ in found["constraints"]}
    assert (constraints["u"], constraints["p"]) == (join_name(name, column, "key"), join_name(name, "", "pkey"))


def test_made_name_with_a_number_is_that_of_postgresql(beta: Lab) -> None:
    name, column = "t" * 40, "c" * 40
    run(beta, f'CREATE SEQUENCE beta."{join_name(name, column, "seq")}"')

    run(beta, f'CREATE TABLE beta."{name}" ("{column}" serial)')

    assert join_name(name, column, "seq1") in list_names(read(beta), "sequences")
