"""Moving branches of the category tree."""

import pytest
from django.core.exceptions import ValidationError

from master.models import Category
from master.services.category import save_category
from tests.master.factories import make_category

pytestmark = pytest.mark.django_db


def list_paths() -> list[str]:
    return list(Category.objects.values_list("path", flat=True))


def test_save_category_new_gets_its_path() -> None:
    root = make_category("electronics")

    moved = save_category(category=Category(parent=root, name="TV", slug="tv"))

    assert (moved, list_paths()) == (0, ["electronics", "electronics/tv"])


def test_save_category_renamed_moves_all_below_it() -> None:
    root = make_category("electronics")
    phones = make_category("phones", root)
    make_category("android", phones)
    make_category("electronics-used")
    root.slug = "devices"

    moved = save_category(category=root)

    assert moved == 2
    assert list_paths() == ["devices", "devices/phones", "devices/phones/android", "electronics-used"]


def test_save_category_with_a_new_parent_moves_all_below_it() -> None:
    phones = make_category("phones", make_category("electronics"))
    make_category("android", phones)
    phones.parent = make_category("devices")

    moved = save_category(category=phones)

    assert moved == 1
    assert list_paths() == ["devices", "devices/phones", "devices/phones/android", "electronics"]


def test_save_category_below_its_own_child_is_refused() -> None:
    root = make_category("electronics")
    root.parent = make_category("phones", root)

    with pytest.raises(ValidationError):
        save_category(category=root)

    assert list_paths() == ["electronics", "electronics/phones"]
