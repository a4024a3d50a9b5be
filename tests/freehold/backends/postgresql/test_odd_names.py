"""Schemas, tables and columns with names that want care: changes end as on a stock Django without a schema."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.postgres.operations import CreateCollation
from django.db import migrations as m, models

from freehold.backends.names import LONGEST as LONGEST_SCHEMA, quote_whole
from tests.freehold.backends.conftest import Connect, make_schemas
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.catalogue import Catalogue, list_names, read_catalogue
from tests.freehold.backends.postgresql.changes import CHANGES, table, text
from tests.freehold.backends.postgresql.further_changes import FURTHER_CHANGES

pytestmark = pytest.mark.postgresql

LONGEST = 63  # bytes of a name in PostgreSQL
STOCK = "django.db.backends.postgresql"
ALL_CHANGES = CHANGES | FURTHER_CHANGES
FAMILY = "RenameModel with all that hangs on it"
KEY = "foreign key, db_constraint off"


def read(lab: Lab) -> Catalogue:
    """Give all that lies in the lab's schema, whatever it is called."""
    with lab.connection.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.quote_ident(%s)", [lab.schema])
        return read_catalogue(cursor, cursor.fetchone()[0])


def open_lab(connect: Connect, schema: str) -> Lab:
    """Give a lab in a new schema of that name."""
    lab = Lab(connect("scratch", schemas=[schema, "beta"], search_path="beta"), schema)
    make_schemas(lab.connection, quote_whole(schema), "beta")
    return lab


@pytest.fixture
def stock(connect: Connect) -> Lab:
    connection = connect("stock", engine=STOCK, search_path="stock")
    make_schemas(connection, "stock")
    return Lab(connection, "stock", prefix="")


def compare(change: str, stock: Lab, own: Lab, rename: Callable[[str], str] = str) -> None:
    """Apply the change on both, with tables renamed alike, forwards and backwards."""
    for number in (1, 2, 3):
        for lab in (stock, own):
            setup, operations = ALL_CHANGES[change](lambda name, t=lab.t: t(rename(name)))
            match number:
                case 1:
                    lab.forwards(*setup)
                case 2:
                    lab.forwards(*operations, together=True)
                case 3:
                    lab.backwards(len(operations))
        assert read(own) == read(stock)


@pytest.mark.parametrize("change", [FAMILY, KEY])
@pytest.mark.parametrize(
    "name",
    ["My {}s", "Größe {} 表", "o'{}", "un.{}", "beta", "order {}", "$1 {}", "{}_" + "x" * 40],
)
def test_table_with_odd_name_ends_as_on_stock_django(name: str, change: str, stock: Lab, connect: Connect) -> None:
    compare(change, stock, open_lab(connect, "alpha"), lambda table: name.format(table) if "{}" in name else table)


@pytest.mark.parametrize("schema", ["order", "user", "My schema", "Größe", "item", "o'schema", "s" * LONGEST_SCHEMA])
def test_schema_with_odd_name_ends_as_on_stock_django(schema: str, stock: Lab, connect: Connect) -> None:
    compare(KEY, stock, open_lab(connect, schema))


def test_table_called_like_its_schema_is_split_once(connect: Connect) -> None:
    lab = open_lab(connect, "item")

    lab.forwards(table(lab.t, "item", ("item", text(db_index=True))), m.AlterField("item", "item", text()))
    lab.rows("item").create(item="x")

    assert lab.rows("item").values_list("item", flat=True).get() == "x"
    assert [list_names(read(lab), kind) for kind in ("tables", "indexes")] == [["item"], ["item_pkey"]]


@pytest.mark.parametrize("change", [KEY, "unique, to db_index", "RenameIndex"])
def test_table_with_the_longest_name_ends_as_on_stock_django(change: str, stock: Lab, connect: Connect) -> None:
    compare(change, stock, open_lab(connect, "alpha"), lambda table: table.ljust(LONGEST, "x"))


@pytest.mark.parametrize("schema", ["alpha", "s" * LONGEST_SCHEMA])
def test_join_table_of_a_long_name_is_cut_and_stays_in_its_schema(schema: str, connect: Connect) -> None:
    lab = open_lab(connect, schema)
    long = m.CreateModel("item", table(lab.t, "item").fields, options={"db_table": lab.t("i".ljust(LONGEST, "x"))})

    lab.forwards(table(lab.t, "tag"), long, m.AddField("item", "tags", models.ManyToManyField("lab.tag")))
    lab.rows("item").create().tags.add(lab.rows("tag").create())

    (joined,) = [name for name in list_names(read(lab), "tables") if name not in {"tag", "i".ljust(LONGEST, "x")}]
    assert joined.startswith("i")
    assert len(joined) < LONGEST
    lab.backwards(1)
    assert joined not in list_names(read(lab), "tables")


@pytest.mark.parametrize("column", ["un.named", "en_US.utf8", "My column", "Größe", "o'column", "order"])
def test_column_with_odd_name_is_made_renamed_and_found(column: str, stock: Lab, connect: Connect) -> None:
    alpha = open_lab(connect, "alpha")
    for lab in (stock, alpha):
        lab.forwards(
            table(lab.t, "item"),
            m.AddField("item", "name", text(db_column=column, unique=True, default="x")),
            m.AlterField("item", "name", text(db_column=column, db_index=True)),
            m.AlterField("item", "name", text(db_column=f"{column} 2")),
        )
        lab.rows("item").create(name="a")

    assert read(alpha) == read(stock)
    assert alpha.rows("item").filter(name="a").values_list("name", flat=True).get() == "a"


def test_collation_with_a_dot_stays_whole_and_one_of_a_known_schema_is_split(connect: Connect) -> None:
    lab = open_lab(connect, "alpha")
    collations = [CreateCollation(name, locale="C") for name in ("alpha.low", "un.known")]

    fields = [("a", text(db_collation="alpha.low")), ("b", text(db_collation="un.known"))]
    lab.forwards(*collations, table(lab.t, "item", *fields))

    with lab.connection.cursor() as cursor:
        cursor.execute("SELECT collname, collnamespace::regnamespace::text FROM pg_collation WHERE collname ~ 'low|un'")
        assert {("low", "alpha"), ("un.known", "beta")} <= set(cursor.fetchall())
        description = lab.connection.introspection.get_table_description(cursor, "alpha.item")
    assert [column.collation for column in description] == [None, "alpha.low", "beta.un.known"]
