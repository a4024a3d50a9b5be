"""Categories and locations at the API."""

from __future__ import annotations

import pytest

from tests.api import Caller, list_faults
from tests.master.factories import make_category, make_location

pytestmark = pytest.mark.django_db


def test_categories_are_a_tree_in_its_order() -> None:
    top = make_category("b-top", position=1)
    make_category("a-top", position=2)
    make_category("z", top, position=1)
    make_category("y", top, position=2)

    rows = [each for each in Caller().read("categories")["rows"] if each["slug"].endswith("-top")]

    assert [each["path"] for each in rows] == ["b-top", "a-top"]
    assert [each["path"] for each in rows[0]["children"]] == ["b-top/z", "b-top/y"]
    assert rows[1]["children"] == []


def test_categories_come_again_only_when_they_changed() -> None:
    category = make_category()
    answer = Caller().get("categories")
    again = Caller().get("categories", **{"If-None-Match": answer["ETag"]})

    assert answer["Cache-Control"] == again["Cache-Control"] == "public, max-age=300"
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    category.name = "Other"
    category.save()
    assert Caller().get("categories", **{"If-None-Match": answer["ETag"]}).status_code == 200


def test_locations_are_found_by_their_beginning_the_largest_first() -> None:
    make_location("Sao Tome", slug="st-sao-tome", population=5)
    make_location("São Paulo", slug="sao-paulo", population=9)
    make_location("", country="QQ", country_name="Saoland", slug="qq", population=None)
    make_location("100% Town", slug="full")

    def find(text: str) -> list[str]:
        return [each["slug"] for each in Caller().read(f"locations?q={text}")["rows"]]

    assert find("sao") == ["sao-paulo", "st-sao-tome", "qq"]
    assert find("SÃO") == find("s%C3%A3o%20p") == ["sao-paulo"]
    assert find("100%25") == ["full"]
    assert find("%25") == find("_") == find("!") == []


def test_faults_of_a_search_are_told() -> None:
    assert list_faults(Caller().get("locations")) == {"q": "This is missing."}
    assert list_faults(Caller().get("locations?q=&limit=x")) == {
        "q": "Expected `str` of length >= 1.",
        "limit": "Expected `int`, got `str`.",
    }
    assert list_faults(Caller().get("locations?q=%00")).keys() == {"q"}
