"""Rows that keep others from being deleted."""

import pytest

from freehold.admin.dependents import Dependents, list_dependents
from items.models import Item
from master.models import Category
from tests.items.factories import make_favorite, make_item
from tests.master.factories import make_category

pytestmark = pytest.mark.django_db


def test_list_dependents_none_gives_nothing() -> None:
    assert list_dependents([]) == []
    assert list_dependents(Category.objects.none()) == []
    assert list_dependents([make_category()]) == []


def test_list_dependents_gives_each_model_with_its_rows() -> None:
    root = make_category("a")
    child = make_category("b", root)
    item = make_item(category=root)

    found = list_dependents(Category.objects.filter(pk=root.pk))

    assert sorted(found, key=lambda each: each.model.__name__) == [
        Dependents(Category, [child], 1),
        Dependents(Item, [item], 1),
    ]


def test_list_dependents_does_not_count_what_goes_along() -> None:
    root = make_category("a")
    child = make_category("b", root)

    assert list_dependents([root, child]) == []


def test_list_dependents_does_not_count_what_the_database_takes_along() -> None:
    item = make_favorite().item

    assert list_dependents([item]) == []
    assert list_dependents([item.user]) == []


def test_list_dependents_shows_the_first_few_of_many() -> None:
    category = make_category()
    for _ in range(3):
        make_item(category=category)

    (found,) = list_dependents([category], shown=2)

    assert (len(found.rows), found.count, found.hidden) == (2, 3, 1)
