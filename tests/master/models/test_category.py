"""What a category says of itself and of those around it."""

import pytest
from django.core.exceptions import ValidationError

from master.models import Category
from master.models.category import PATH_LENGTH
from tests.master.factories import make_category

pytestmark = pytest.mark.django_db


def make_branch() -> tuple[Category, Category, Category]:
    root = make_category("electronics")
    child = make_category("phones", root)
    return root, child, make_category("android", child)


def test_within_gives_the_category_and_all_below_it() -> None:
    root, child, grandchild = make_branch()
    make_category("electronics-used")

    assert list(Category.objects.within(root)) == [root, child, grandchild]
    assert list(Category.objects.within(grandchild)) == [grandchild]


def test_roots_gives_the_top_alone() -> None:
    root, *_ = make_branch()

    assert list(Category.objects.roots()) == [root]


def test_clean_fills_an_empty_path() -> None:
    _, child, _ = make_branch()
    category = Category(parent=child, name="iOS", slug="ios")

    category.full_clean()

    assert category.path == "electronics/phones/ios"


def test_clean_another_path_is_refused() -> None:
    root, *_ = make_branch()

    with pytest.raises(ValidationError) as caught:
        Category(parent=root, name="TV", slug="tv", path="video/tv").full_clean()

    assert caught.value.message_dict == {
        "path": ["The path is video/tv; parent and slug make it electronics/tv."],
    }


@pytest.mark.parametrize("below", [1, 2])
def test_clean_parent_from_below_is_refused(below: int) -> None:
    branch = make_branch()
    branch[0].parent, branch[0].path = branch[below], ""

    with pytest.raises(ValidationError) as caught:
        branch[0].full_clean()

    assert caught.value.message_dict == {"parent": ["A category can't lie below one of its own children."]}


def test_clean_own_parent_is_refused() -> None:
    root, *_ = make_branch()
    root.parent, root.path = root, ""

    with pytest.raises(ValidationError) as caught:
        root.full_clean()

    assert caught.value.message_dict == {"parent": ["A category is not its own parent."]}


def test_clean_too_long_a_path_below_is_refused() -> None:
    top = make_category("a")
    parent = top
    for number in range(4):
        parent = make_category(f"{'b' * 115}-{number}", parent)
    assert len(parent.path) < PATH_LENGTH
    top.slug, top.path = "a" * 40, ""

    with pytest.raises(ValidationError) as caught:
        top.full_clean()

    assert caught.value.message_dict == {
        "path": ["The path, or one below it, would be too long: choose a shorter slug."]
    }
