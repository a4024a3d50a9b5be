"""Names that smuggle a schema past a stock Django become names with a dot, and their tables stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import migrations as m, models

from freehold.backends.names import unquote_split
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.catalogue import read_catalogue
from tests.freehold.backends.postgresql.changes import table, text

SPELLINGS: dict[str, Callable[[str], str]] = {
    "quotes around": lambda name: f'"alpha"."{name}"',
    "quotes inside": lambda name: f'alpha"."{name}',
}


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ('"auth"."user"', "auth.user"),
        ('auth"."user', "auth.user"),
        ('"other"."user"', '"other"."user"'),
        ('"auth.user"', '"auth.user"'),
        ("auth.user", "auth.user"),
        ("user", "user"),
    ],
)
def test_quotes_are_taken_away_around_a_known_schema_only(name: str, plain: str) -> None:
    assert unquote_split(name, ["auth"]) == plain


@pytest.mark.postgresql
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_table_with_quotes_in_its_name_gets_a_dot_and_stays_as_it_is(spelling: str, scratch: Any) -> None:
    quoted, lab = SPELLINGS[spelling], Lab(scratch, "alpha")
    tags = ("tags", models.ManyToManyField("lab.tag"))
    lab.forwards(table(quoted, "tag", ("name", text(db_index=True))), table(quoted, "item", tags))
    before = read(lab)

    lab.forwards(m.AlterModelTable("tag", "alpha.tag"), m.AlterModelTable("item", "alpha.item"))
    assert read(lab) == before
    assert lab.get_model("item").tags.through._meta.db_table == "alpha.item_tags"

    lab.forwards(m.AlterField("tag", "name", text()))
    assert [name for name, *_ in read(lab)["indexes"] if name.startswith("tag_")] == ["tag_pkey"]
    lab.backwards(3)
    assert [name for name, *_ in read(lab)["tables"]] == ["item", "item_tags", "tag"]


@pytest.mark.postgresql
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_table_with_quotes_in_its_name_moves_to_another_schema(spelling: str, scratch: Any) -> None:
    lab = Lab(scratch, "alpha")
    lab.forwards(table(SPELLINGS[spelling], "item"))

    lab.forwards(m.AlterModelTable("item", "beta.thing"))

    assert read(lab)["tables"] == []
    assert [name for name, *_ in read(Lab(scratch, "beta"))["tables"]] == ["thing"]


def read(lab: Lab) -> Any:
    with lab.connection.cursor() as cursor:
        return read_catalogue(cursor, lab.schema)
