"""A write whose rows are refused has changed nothing, also where nobody holds a transaction open."""

from __future__ import annotations

import pytest

from freehold.queries import ManyRowsError, NoRowError, Parameter, Segment
from items.models import Item
from tests.freehold.queries.statements import GET_ITEM, ItemRow, make
from tests.items.factories import make_item
from tests.rls import as_user

RENAME_ALL = make(
    "rename_all",
    "one",
    (Segment("UPDATE app.items SET name = {name} RETURNING id, name", line=4),),
    ItemRow,
    parameters=(Parameter("name", "varchar"),),
    columns=GET_ITEM.columns,
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["fetch_one", "fetch_maybe", "fetch_one_json", "fetch_maybe_json"])
def test_write_of_more_rows_than_one_is_taken_back(method: str) -> None:
    first = make_item(name="old")
    make_item(name="old", user=first.user)
    with as_user(first.user), pytest.raises(ManyRowsError):
        getattr(RENAME_ALL, method)({"name": "new"})

    assert {each.name for each in Item.objects.all()} == {"old"}


@pytest.mark.django_db
def test_write_that_is_refused_leaves_the_transaction_as_it_was() -> None:
    first = make_item(name="old")
    second = make_item(name="old", user=first.user)
    with as_user(first.user):
        with pytest.raises(ManyRowsError):
            RENAME_ALL.fetch_one({"name": "new"})
        second.delete()
        assert RENAME_ALL.fetch_one({"name": "new"}).name == "new"
        first.delete()
        with pytest.raises(NoRowError):
            RENAME_ALL.fetch_one({"name": "newer"})
