"""Every change of a migration ends in the same catalogue as on a stock Django with bare names, and touches no decoy."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import migrations as m, models

from tests.freehold.backends.conftest import Connect, make_schemas
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.catalogue import Catalogue, list_names, read_catalogue
from tests.freehold.backends.postgresql.changes import CHANGES, link, pair, table, text
from tests.freehold.backends.postgresql.further_changes import FURTHER_CHANGES
from tests.freehold.backends.postgresql.virtual_changes import VIRTUAL_CHANGES

pytestmark = pytest.mark.postgresql

STOCK = "django.db.backends.postgresql"
ALL_CHANGES = CHANGES | FURTHER_CHANGES | VIRTUAL_CHANGES
CASES = [
    *(pytest.param(name, False, id=f"{name}-one by one") for name in CHANGES),
    # CREATE INDEX CONCURRENTLY can't run inside a transaction.
    *(pytest.param(name, True, id=f"{name}-in one") for name in ALL_CHANGES if "Concurrently" not in name),
]


def read(lab: Lab) -> Catalogue:
    """Give all that lies in the lab's schema."""
    with lab.connection.cursor() as cursor:
        return read_catalogue(cursor, lab.schema)


@pytest.fixture
def stock(connect: Connect) -> Lab:
    """A stock Django whose one schema is on the search path."""
    connection = connect("stock", engine=STOCK, search_path="stock")
    make_schemas(connection, "stock")
    return Lab(connection, "stock")


@pytest.fixture
def alpha(scratch: Any) -> Lab:
    """The engine in schema alpha, off the search path."""
    return Lab(scratch, "alpha")


@pytest.fixture
def beta(scratch: Any) -> Lab:
    """The engine in schema beta, on the search path: where decoys lie."""
    return Lab(scratch, "beta")


def get_change(name: str, lab: Lab) -> Any:
    """Give a change, or skip the test where Django or the server has no such thing."""
    if name in VIRTUAL_CHANGES and not lab.connection.features.supports_virtual_generated_columns:
        pytest.skip("needs Django 6.1 and PostgreSQL 18")
    return ALL_CHANGES[name]


@pytest.mark.parametrize(("name", "together"), CASES)
def test_change_in_schema_gives_catalogue_of_stock_django(
    name: str, together: bool, stock: Lab, alpha: Lab, beta: Lab
) -> None:
    change = get_change(name, alpha)
    beta.forwards(*change(beta.t)[0])
    decoy = read(beta)
    (setup, operations), (own_setup, own_operations) = change(str), change(alpha.t)

    stock.forwards(*setup)
    alpha.forwards(*own_setup)
    before = read(stock)
    assert read(alpha) == before
    stock.forwards(*operations, together=together)
    alpha.forwards(*own_operations, together=together)
    assert read(alpha) == read(stock)
    assert read(stock) != before
    stock.backwards(len(operations))
    alpha.backwards(len(operations))
    assert read(alpha) == read(stock)
    assert read(beta) == decoy


@pytest.mark.parametrize("name", ["CreateModel, virtual generated column", "AddField, virtual generated column"])
def test_virtual_column_is_computed_when_it_is_read(name: str, alpha: Lab) -> None:
    setup, operations = get_change(name, alpha)(alpha.t)

    alpha.forwards(*setup, *operations)

    with alpha.connection.cursor() as cursor:
        cursor.execute(
            "SELECT attgenerated FROM pg_attribute WHERE attrelid = 'alpha.item'::regclass AND attname = 'low'"
        )
        assert cursor.fetchone() == ("v",)
    item = alpha.rows("item").create(name="Ada")
    item.refresh_from_db()
    assert item.low == "ada"


def test_move_to_schema_takes_along_all_of_a_table(stock: Lab, alpha: Lab, beta: Lab) -> None:
    alpha.forwards(table(alpha.t, "tag"), table(alpha.t, "item", ("tags", models.ManyToManyField("lab.tag"))))
    alpha.forwards(table(alpha.t, "note", ("item", link("item")), ("name", text(unique=True))))
    before = read(alpha)

    moves = [m.AlterModelTable(name, beta.t(name)) for name in ("tag", "item", "note")]
    alpha.forwards(*moves)

    assert read(beta) == before
    assert read(alpha) == {kind: [] for kind in before}
    alpha.backwards(len(moves))
    assert read(alpha) == before


@pytest.mark.parametrize(
    "name",
    [
        "serial to BigAuto",
        "RemoveConstraint, exclusion",
        "RemoveIndex, GIN over an array",
        "primary key of text, longer",
        "many to many, another table of its own",
        "AlterOrderWithRespectTo",
    ],
)
def test_move_to_schema_and_back_leaves_nothing_behind(name: str, alpha: Lab, beta: Lab) -> None:
    setup, _ = ALL_CHANGES[name](alpha.t)
    alpha.forwards(*setup)
    before = read(alpha)
    joined = {name: found.fields for (_, name), found in alpha.states[-1].models.items()}
    moves = [m.AlterModelTable(name, beta.t(name)) for name in joined]
    moves += [
        m.AlterField(name, field, models.ManyToManyField("lab.tag", db_table=beta.t("links")))
        for name, fields in joined.items()
        for field, found in fields.items()
        if getattr(found, "db_table", None)
    ]

    alpha.forwards(*moves)

    assert read(beta) == before
    assert read(alpha) == {kind: [] for kind in before}
    alpha.backwards(len(moves))
    assert read(alpha) == before


def test_move_and_rename_in_one_step_leaves_nothing_behind(alpha: Lab, beta: Lab) -> None:
    alpha.forwards(table(alpha.t, "item", ("name", text(db_index=True))))

    alpha.forwards(m.AlterModelTable("item", "beta.thing"), m.AlterField("item", "name", text()))

    assert list_names(read(beta), "tables") == ["thing"]
    assert list_names(read(beta), "indexes") == ["thing_pkey"]
    assert list_names(read(alpha), "tables") == []


def test_move_to_bare_name_goes_where_a_bare_name_is_made(alpha: Lab, beta: Lab) -> None:
    alpha.forwards(table(alpha.t, "item"))

    alpha.forwards(m.AlterModelTable("item", "item"))
    assert list_names(read(beta), "tables") == ["item"]

    alpha.forwards(m.AlterModelTable("item", "alpha.thing"))
    assert list_names(read(alpha), "tables") == ["thing"]


def test_name_gets_the_schema_it_lies_in_already_changes_nothing(beta: Lab) -> None:
    beta.forwards(table(str, "item", ("name", text(unique=True))))
    before = read(beta)

    beta.forwards(m.AlterModelTable("item", "beta.item"))

    assert read(beta) == before


def test_move_with_statements_deferred_makes_them_where_the_table_went(alpha: Lab, beta: Lab) -> None:
    beta.forwards(*pair(beta.t), m.AlterField("child", "parent", link("parent", db_index=True)))
    expected = read(beta)
    make_schemas(beta.connection, "beta")

    operations = [*pair(alpha.t), *(m.AlterModelTable(name, beta.t(name)) for name in ("parent", "child"))]
    alpha.forwards(*operations, together=True)

    assert read(beta) == expected


def test_index_dropped_before_it_was_made_is_not_made(alpha: Lab) -> None:
    index = models.Index(fields=["name"], name="item_name_idx")
    made = table(alpha.t, "item", ("name", text()), indexes=[index])

    alpha.forwards(made, m.RemoveIndex("item", "item_name_idx"), together=True)

    assert list_names(read(alpha), "indexes") == ["item_pkey"]


def test_index_named_by_django_with_the_schema_in_its_name_goes_again(alpha: Lab) -> None:
    alpha.forwards(table(alpha.t, "item", ("name", text())))
    index = models.Index(fields=["name"])
    index.set_name_with_model(alpha.get_model("item"))
    assert index.name.startswith("alpha.")

    alpha.forwards(m.AddIndex("item", index))
    assert list_names(read(alpha), "indexes") == [index.name, "item_pkey"]
    alpha.forwards(m.RenameIndex("item", "alpha.other_idx", old_name=index.name))
    assert list_names(read(alpha), "indexes") == ["alpha.other_idx", "item_pkey"]
    alpha.forwards(m.RemoveIndex("item", "alpha.other_idx"))
    assert list_names(read(alpha), "indexes") == ["item_pkey"]


@pytest.mark.parametrize(
    "constraint",
    [
        models.UniqueConstraint(fields=["name"], name="alpha.name"),
        models.UniqueConstraint(fields=["name"], condition=models.Q(name="x"), name="alpha.name"),
        models.CheckConstraint(condition=models.Q(name="x"), name="alpha.name"),
    ],
    ids=["unique", "conditional", "check"],
)
def test_constraint_with_a_schema_in_its_name_comes_and_goes(constraint: Any, alpha: Lab) -> None:
    alpha.forwards(table(alpha.t, "item", ("name", text())))
    before = read(alpha)

    alpha.forwards(m.AddConstraint("item", constraint))
    assert "alpha.name" in list_names(read(alpha), "constraints") + list_names(read(alpha), "indexes")
    alpha.forwards(m.RemoveConstraint("item", "alpha.name"))
    assert read(alpha) == before
    alpha.forwards(table(alpha.t, "other", ("name", text()), constraints=[constraint]), m.DeleteModel("other"))
    assert read(alpha) == before


def test_index_renamed_by_its_fields_keeps_no_old_name(alpha: Lab) -> None:
    alpha.forwards(table(alpha.t, "item", ("name", text()), ("size", models.IntegerField())))
    with alpha.connection.cursor() as cursor:
        cursor.execute("CREATE INDEX item_old ON alpha.item (name, size)")

    alpha.forwards(m.RenameIndex("item", "item_new", old_fields=("name", "size")))

    assert list_names(read(alpha), "indexes") == ["item_new", "item_pkey"]


def test_change_of_a_table_that_only_looks_like_one_in_a_schema_stays_in_its_own(beta: Lab) -> None:
    beta.forwards(table(str, "unknown.item", ("name", text(db_index=True))))

    beta.forwards(m.AlterField("unknown.item", "name", text()))

    assert list_names(read(beta), "tables") == ["unknown.item"]
    assert list_names(read(beta), "indexes") == ["unknown.item_pkey"]


def test_sqlmigrate_prints_names_with_schemas(alpha: Lab) -> None:
    alpha.forwards(*pair(alpha.t))

    moving = alpha.collect(m.AlterModelTable("child", "beta.kid"))
    removing = alpha.collect(m.RemoveField("child", "parent"))

    name = "child_parent_id_72f601a8_fk_parent_id"
    assert moving[0].split("; ") == [
        'ALTER TABLE "alpha"."child" SET SCHEMA "beta"',
        'ALTER INDEX "beta"."child_parent_id_72f601a8" RENAME TO "kid_parent_id_090d4fa7"',
        'ALTER INDEX "beta"."child_pkey" RENAME TO "kid_pkey"',
        'ALTER SEQUENCE "beta"."child_id_seq" RENAME TO "kid_id_seq"',
        'ALTER TABLE "beta"."child" RENAME TO "kid";',
    ]
    assert removing[0] == (
        f'SET CONSTRAINTS "alpha"."{name}" IMMEDIATE; ALTER TABLE "alpha"."child" DROP CONSTRAINT "{name}";'
    )
