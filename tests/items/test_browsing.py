from collections import Counter
from uuid import uuid4

import pytest
from django.http import Http404

from items.browsing import (
    MOST_PAGES,
    PAGE_SIZE,
    Address,
    build_tree,
    choose_location,
    find_trail,
    link_categories,
    make_page,
)
from items.forms import BrowseForm
from items.views import list_found
from master.queries import Branch
from tests.items.factories import make_item
from tests.master.factories import make_category, make_country, make_location, to_spot

HERE = Address({})


def read(**parameters: str) -> BrowseForm:
    form = BrowseForm(parameters)
    form.is_valid()
    return form


def make_tree() -> list[Branch]:
    """Unsaved: a, a/b, a/b/c, d."""
    tree: dict[str, Branch] = {}
    for path in ("a", "a/b", "a/b/c", "d"):
        above, _, slug = path.rpartition("/")
        tree[path] = Branch(uuid4(), tree[above].id if above else None, slug.upper(), path)
    return list(tree.values())


def test_tree_has_the_counts_of_branches() -> None:
    a, _, _, d = make_tree()
    nodes = build_tree([a, d], Counter({"a": 111, "a/b": 110}), HERE)
    assert [(node["branch"], node["total"], node["children"]) for node in nodes] == [(a, 111, []), (d, 0, [])]


def test_tree_is_open_along_the_way_to_the_selected_category() -> None:
    a, b, c, d = make_tree()
    nodes = build_tree([a, b, c, d], Counter(), HERE)
    assert [node["branch"] for node in nodes] == [a, d]
    assert [node["branch"] for node in nodes[0]["children"]] == [b]
    assert [node["branch"] for node in nodes[0]["children"][0]["children"]] == [c]


@pytest.mark.django_db
def test_tree_does_not_open_a_category_whose_path_only_begins_alike() -> None:
    make_category("x", parent=make_category("art"))
    make_category("artists")
    nodes = list_found(read(category="artists"))["tree"]
    assert [(node["branch"].path, node["children"]) for node in nodes] == [("art", []), ("artists", [])]


def test_trail_leads_from_the_top_to_the_category() -> None:
    a, b, c, d = make_tree()
    trail = find_trail("a/b/c", [d, c, b, a])
    assert link_categories(trail, Address({"q": "x"})) == [
        (a, "/items/?q=x&category=a"),
        (b, "/items/?q=x&category=a%2Fb"),
        (c, "/items/?q=x&category=a%2Fb%2Fc"),
    ]
    assert find_trail("", [a]) == []


def test_address_leaves_out_defaults_and_what_makes_no_sense() -> None:
    form = read(q="oak & ash", sort="newest", least="-1", most="7.50", currency="zzz", location="ignored")
    assert Address(form.list_conditions()).link() == "/items/?q=oak+%26+ash&most=7.50"


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
        (1000, "9" * 4000, (42, 42)),
        (1000, "9" * 5000, (1, 42)),  # more digits than Python reads
        (1000, "²", (1, 42)),
        (10**9, "99999999", (MOST_PAGES, MOST_PAGES)),
    ],
)
def test_pager_stays_within_the_pages_there_are(total: int, wanted: str, expected: tuple[int, int]) -> None:
    page = make_page(total, read(page=wanted).cleaned_data["page"])
    assert (page.number, page.paginator.num_pages) == expected


def test_pager_knows_where_its_page_begins() -> None:
    assert [make_page(50, number).object_list for number in (1, 3)] == [range(24), range(48, 50)]
    assert make_page(0, 1).object_list == range(0)


@pytest.mark.django_db
def test_place_typed_that_means_one_is_chosen() -> None:
    lyon = make_location("Lyon", slug="lyon-fr")
    make_location("Lyonsdale", slug="lyonsdale-us")
    assert choose_location(read(place="lyon")) == (to_spot(lyon), [])


@pytest.mark.django_db
def test_place_typed_that_means_several_gives_them_all_the_largest_first() -> None:
    small = make_location("Paris", slug="paris-us", population=25_000)
    large = make_location("Paris", slug="paris-fr", population=2_100_000)
    assert choose_location(read(place="Paris")) == (None, [to_spot(large), to_spot(small)])


@pytest.mark.django_db
def test_place_typed_wins_over_the_location_of_a_link() -> None:
    make_location("Rome", slug="rome-it")
    lyon = make_location("Lyon", slug="lyon-fr")
    assert choose_location(read(place="Lyon", location="rome-it")) == (to_spot(lyon), [])


@pytest.mark.django_db
@pytest.mark.parametrize("parameters", [{"category": "nowhere"}, {"location": "nowhere"}])
def test_page_of_what_does_not_exist_is_not_found(parameters: dict[str, str]) -> None:
    with pytest.raises(Http404):
        list_found(read(**parameters))


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
    context = list_found(read(q="PHONE old", category="phones", location="france", most="50"))
    assert ([url for _, url, _ in context["tiles"]], context["total"]) == ([f"/items/{wanted.pk}/"], 1)
    assert context["category"].path == "phones"
    assert context["chips"] == [
        ("“PHONE old”", "/items/?category=phones&most=50&location=france"),
        ("France", "/items/?q=PHONE+old&category=phones&most=50"),
        ("up to 50", "/items/?q=PHONE+old&category=phones&location=france"),
    ]
