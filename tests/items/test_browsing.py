from uuid import uuid4

import pytest
from django.http import Http404

from items.browsing import (
    MOST_PAGES,
    PAGE_SIZE,
    Address,
    build_tree,
    choose_location,
    make_address,
    make_browse_page,
    make_pager,
    make_trail,
)
from items.forms import BrowseForm
from master.models import Category
from tests.items.factories import make_item
from tests.master.factories import make_category, make_country, make_location

HERE = Address({})


def read(**parameters: str) -> BrowseForm:
    form = BrowseForm(parameters)
    form.is_valid()
    return form


def make_tree() -> list[Category]:
    """Unsaved: a, a/b, a/b/c, d."""
    tree: dict[str, Category] = {}
    for path in ("a", "a/b", "a/b/c", "d"):
        above, _, slug = path.rpartition("/")
        parent = tree.get(above)
        tree[path] = Category(id=uuid4(), name=slug.upper(), slug=slug, path=path, parent=parent)
    return list(tree.values())


def test_tree_counts_include_everything_below() -> None:
    a, b, c, d = make_tree()
    nodes = build_tree([a, b, c, d], {a.pk: 1, b.pk: 10, c.pk: 100, d.pk: 5}, HERE, None)
    assert [(node.category, node.count, node.children) for node in nodes] == [(a, 111, []), (d, 5, [])]


def test_tree_is_open_along_the_way_to_the_selected_category() -> None:
    a, b, c, d = make_tree()
    nodes = build_tree([a, b, c, d], {}, HERE, b)
    assert [node.category for node in nodes] == [a, d]
    assert [(node.category, node.current) for node in nodes[0].children] == [(b, True)]
    assert [node.category for node in nodes[0].children[0].children] == [c]


def test_tree_does_not_open_a_category_whose_path_only_begins_alike() -> None:
    short = Category(id=uuid4(), name="Art", slug="art", path="art")
    longer = Category(id=uuid4(), name="Artists", slug="artists", path="artists")
    below = Category(id=uuid4(), name="X", slug="x", path="art/x", parent=short)
    nodes = build_tree([short, longer, below], {}, HERE, longer)
    assert [len(node.children) for node in nodes] == [0, 0]


def test_trail_leads_from_the_top_to_the_category() -> None:
    a, b, c, d = make_tree()
    assert make_trail(c, [d, c, b, a], Address({"q": "x"})) == [
        (a, "/items/?q=x&category=a"),
        (b, "/items/?q=x&category=a%2Fb"),
        (c, "/items/?q=x&category=a%2Fb%2Fc"),
    ]
    assert make_trail(None, [a], HERE) == []


def test_address_leaves_out_defaults_and_what_makes_no_sense() -> None:
    form = read(q="oak & ash", sort="newest", least="-1", most="7.50", currency="zzz", location="ignored")
    assert make_address(form, None).link() == "/items/?q=oak+%26+ash&most=7.50"


@pytest.mark.parametrize(
    ("total", "wanted", "expected"),
    [
        (0, "", (1, 1)),
        (PAGE_SIZE, "2", (1, 1)),
        (PAGE_SIZE + 1, "2", (2, 2)),
        (1000, "zzz", (1, 42)),
        (1000, "-3", (1, 42)),
        (1000, "0", (1, 42)),
        (1000, "99", (42, 42)),
        (1000, "9" * 5000, (42, 42)),
        (1000, "²", (1, 42)),
        (10**9, "99999999", (MOST_PAGES, MOST_PAGES)),
    ],
)
def test_pager_stays_within_the_pages_there_are(total: int, wanted: str, expected: tuple[int, int]) -> None:
    pager = make_pager(total, wanted, HERE)
    assert (pager.number, pager.count) == expected


def test_pager_in_the_middle_shows_gaps_on_both_sides() -> None:
    pager = make_pager(1000, "20", Address({"q": "x"}))
    assert [step.number for step in pager.steps] == [1, 0, 19, 20, 21, 0, 42]
    assert (pager.previous, pager.next) == ("/items/?q=x&page=19", "/items/?q=x&page=21")
    assert (pager.steps[0].url, pager.steps[3].url) == ("/items/?q=x", "")


def test_pager_at_both_ends_leads_no_further() -> None:
    assert make_pager(1000, "1", HERE).previous == ""
    assert make_pager(1000, "42", HERE).next == ""


@pytest.mark.django_db
def test_place_typed_that_means_one_is_chosen() -> None:
    lyon = make_location("Lyon", slug="lyon-fr")
    make_location("Lyonsdale", slug="lyonsdale-us")
    assert choose_location(read(place="lyon")) == (lyon, [])


@pytest.mark.django_db
def test_place_typed_that_means_several_gives_them_all_the_largest_first() -> None:
    small = make_location("Paris", slug="paris-us", population=25_000)
    large = make_location("Paris", slug="paris-fr", population=2_100_000)
    assert choose_location(read(place="Paris")) == (None, [large, small])


@pytest.mark.django_db
def test_place_typed_wins_over_the_location_of_a_link() -> None:
    make_location("Rome", slug="rome-it")
    lyon = make_location("Lyon", slug="lyon-fr")
    assert choose_location(read(place="Lyon", location="rome-it")) == (lyon, [])


@pytest.mark.django_db
@pytest.mark.parametrize("parameters", [{"category": "nowhere"}, {"location": "nowhere"}])
def test_page_of_what_does_not_exist_is_not_found(parameters: dict[str, str]) -> None:
    with pytest.raises(Http404):
        make_browse_page(BrowseForm(parameters), "")


@pytest.mark.django_db
def test_page_holds_under_several_conditions_at_once() -> None:
    phones = make_category("phones")
    android = make_category("android", parent=phones)
    lyon = make_location("Lyon", slug="lyon-fr", country="FR", country_name="France")
    make_country("FR", country_name="France", slug="france")
    wanted = make_item(name="Old phone", category=android, location=lyon, price=20)
    make_item(name="Old phone", category=android, price=20)
    make_item(name="Old phone", category=android, location=lyon, price=200)
    make_item(name="Old phone", location=lyon, price=20)
    make_item(name="Old phone", category=android, location=lyon, price=20, is_active=False)
    form = BrowseForm({"q": "PHONE old", "category": "phones", "location": "france", "most": "50"})
    page = make_browse_page(form, "")
    assert (page.items, page.total) == ([wanted], 1)
    assert page.category == phones
    assert [(chip.label, chip.url) for chip in page.chips] == [
        ("“PHONE old”", "/items/?category=phones&most=50&location=france"),
        ("France", "/items/?q=PHONE+old&category=phones&most=50"),
        ("up to 50", "/items/?q=PHONE+old&category=phones&location=france"),
    ]
