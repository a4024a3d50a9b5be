"""The category tree."""

from __future__ import annotations

import pytest

from master.models import Category
from master.seeds.tree import SOURCE, read_categories


def test_categories_are_at_least_200_on_three_levels(seeded: str) -> None:
    categories = list(Category.objects.using(seeded))

    depths = [each.depth for each in categories]
    assert len(categories) >= 200
    assert set(depths) == {0, 1, 2}
    assert depths.count(2) >= 200


def test_every_branch_reaches_the_third_level(seeded: str) -> None:
    paths = set(Category.objects.using(seeded).values_list("path", flat=True))

    for path in paths:
        below = [each for each in paths if each.startswith(f"{path}/")]
        assert below or path.count("/") == 2, path


def test_categories_are_valid_and_lie_below_their_parent(seeded: str) -> None:
    for category in Category.objects.using(seeded).select_related("parent"):
        category.clean_fields()
        assert category.path == category.build_path()


def test_positions_count_from_1_among_siblings(seeded: str) -> None:
    positions: dict[object, list[int]] = {}
    for parent, position in Category.objects.using(seeded).values_list("parent", "position"):
        positions.setdefault(parent, []).append(position)

    assert all(sorted(each) == list(range(1, len(each) + 1)) for each in positions.values())


def test_lines_become_a_tree() -> None:
    lines = read_categories("# a comment\n\nHome and Garden | home\n  Tools\n    Saws\n  Décor\nFree\n")

    assert [tuple(each) for each in lines] == [
        ("home", "home", "Home and Garden", 1, None),
        ("home/tools", "tools", "Tools", 1, "home"),
        ("home/tools/saws", "saws", "Saws", 1, "home/tools"),
        ("home/decor", "decor", "Décor", 2, "home"),
        ("free", "free", "Free", 2, None),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Home\n    Saws\n", "categories.txt, line 2: 'Saws' has no category above it: indent it less"),
        ("Home\n  Saws\n  Saws\n", "categories.txt, line 3: home/saws comes twice"),
    ],
)
def test_wrong_line_is_named(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        list(read_categories(text))

    assert str(caught.value) == message


def test_file_reads_as_the_rows_that_are_there(seeded: str) -> None:
    read = {each.path for each in read_categories(SOURCE.read_text(encoding="utf-8"))}

    assert read == set(Category.objects.using(seeded).values_list("path", flat=True))
