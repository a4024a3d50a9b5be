"""Items and favorites at the API, as the service that answers it, on both dialects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from items.models import Favorite, Item, ItemImage
from items.sql import detail, favorite, own
from tenancy.services.api_key import issue_api_key
from tests.api import ANY, Caller, list_faults
from tests.auth_app.factories import make_user
from tests.items.factories import make_favorite, make_item, make_item_image
from tests.master.factories import make_category, make_location
from tests.rls import as_nobody, as_user
from tests.tenancy.factories import make_project

pytestmark = pytest.mark.django_db


def make_body(**fields: Any) -> dict[str, Any]:
    return {"name": "A lamp", "category_id": str(make_category().pk), "price": "9.50", **fields}


def list_ids(caller: Caller, path: str) -> list[str]:
    return [row["id"] for row in caller.read(path)["rows"]]


def test_items_on_offer_are_listed_for_everybody() -> None:
    owner = make_user()
    shown = make_item(user=owner, location=make_location("Berlin"))
    make_item(user=owner, is_active=False)

    for caller in (Caller(), Caller(owner)):
        page = caller.read("items")
        assert page["next"] is None
        assert [row["id"] for row in page["rows"]] == [str(shown.pk)]
        assert page["rows"][0]["price"] == "9.50"
        assert page["rows"][0]["location"]["city"] == "Berlin"


def test_items_are_filtered_sorted_and_paged() -> None:
    items = [make_item(name=f"Item {n}", price=Decimal(n)) for n in range(5)]
    caller = Caller()

    cheap = caller.read("items?sort=cheapest&limit=2")
    rest = caller.read(f"items?sort=cheapest&limit=200&after={cheap['next']}")

    assert [row["id"] for row in cheap["rows"] + rest["rows"]] == [str(each.pk) for each in items]
    assert rest["next"] is None
    assert list_ids(caller, f"items?category={items[3].category.path}") == [str(items[3].pk)]
    assert list_ids(caller, "items?least=1&most=2.00&sort=cheapest") == [str(items[1].pk), str(items[2].pk)]
    assert list_ids(caller, "items?most=0") == [str(items[0].pk)]
    assert list_ids(caller, "items?q=item+3") == [str(items[3].pk)]
    assert list_ids(caller, "items?currency=USD") == []
    assert list_ids(caller, "items?sort=dearest&limit=1") == [str(items[4].pk)]
    assert list_ids(caller, f"items?place={items[2].location.slug if items[2].location else 'nowhere'}") == []


def test_every_fault_of_a_query_is_told() -> None:
    faults = list_faults(Caller().get(f"items?limit=0&sort=oldest&least=1e9&currency=x&colour=red&q={'x' * 201}"))

    assert faults == {
        "colour": "There is no such field.",
        "q": "Expected `str` of length <= 200.",
        "currency": r"Expected `str` matching regex '^[A-Z]{3}(?!\\n)$'.",
        "least": r"Expected `str` matching regex '^[0-9]{1,10}(\\.[0-9]{1,2})?(?!\\n)$'.",
        "sort": "Invalid enum value 'oldest'.",
        "limit": "Expected `int` >= 1.",
    }


def test_cursor_of_another_query_or_principal_is_refused() -> None:
    owner = make_user()
    for _ in range(3):
        make_item(user=owner)
    after = Caller().read("items?limit=1")["next"]

    assert list_faults(Caller().get(f"items?sort=cheapest&after={after}")) == {
        "after": "This is no cursor of this list."
    }
    for wrong in ("x", after[:-1], "%00", "a" * 1999):
        assert "after" in list_faults(Caller(owner).get(f"items?after={wrong}"))
    own = Caller(owner).read("me/items?limit=1")["next"]
    assert Caller(make_user()).get(f"me/items?after={own}").status_code == 422


def test_item_is_read_with_its_pictures_and_again_only_when_it_changed() -> None:
    item = make_item()
    make_item_image(item=item, position=1, url="https://x.example/2.jpg")
    make_item_image(item=item, position=0, url="https://x.example/1.jpg", alt="front")
    answer = Caller().get(f"items/{item.pk}")

    assert [each["url"] for each in answer.json()["images"]] == ["https://x.example/1.jpg", "https://x.example/2.jpg"]
    assert answer.json()["category"]["path"] == item.category.path
    again = Caller().get(f"items/{item.pk}", **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    ItemImage.objects.filter(item=item, position=1).delete()
    assert Caller().get(f"items/{item.pk}", **{"If-None-Match": answer["ETag"]}).status_code == 200


def test_hidden_item_is_its_owners_alone() -> None:
    owner = make_user()
    hidden = make_item(user=owner, is_active=False)

    assert Caller(owner).read(f"items/{hidden.pk}")["is_active"] is False
    assert list_ids(Caller(owner), "me/items") == [str(hidden.pk)]
    for caller in (Caller(), Caller(make_user())):
        assert caller.get(f"items/{hidden.pk}").status_code == 404
    for caller in (Caller(make_user()),):
        assert caller.send("PATCH", f"items/{hidden.pk}", {"name": "Mine"}, **ANY).status_code == 404
        assert caller.send("DELETE", f"items/{hidden.pk}", **ANY).status_code == 404
        assert caller.send("PUT", f"favorites/{hidden.pk}").status_code == 404
    assert Item.objects.get(pk=hidden.pk).name == hidden.name


def test_item_is_made_changed_and_deleted() -> None:
    owner = Caller(make_user())
    body = make_body(images=[{"url": "/static/x.svg"}], location_id=str(make_location("Rome").pk))

    made = owner.send("POST", "items", body)
    assert made.status_code == 201, made.content
    assert made["Location"] == f"/api/v1/items/{made.json()['id']}"
    assert made.json()["location"]["city"] == "Rome"
    changes = {"price": "10.00", "location_id": None, "images": [], "is_active": False}
    changed = owner.send("PATCH", made["Location"], changes, **{"If-Match": made["ETag"]})
    assert changed.status_code == 200, changed.content
    told = changed.json()
    assert (told["price"], told["location"], told["images"], told["version"]) == ("10.00", None, [], 2)
    assert owner.get(made["Location"])["ETag"] == changed["ETag"]
    gone = owner.send("DELETE", made["Location"], **{"If-Match": changed["ETag"]})
    assert (gone.status_code, gone.content) == (204, b"")
    assert owner.get(made["Location"]).status_code == 404


def test_change_of_what_somebody_changed_meanwhile_is_refused() -> None:
    owner = make_user()
    caller, item = Caller(owner), make_item(user=owner)
    etag = caller.get(f"items/{item.pk}")["ETag"]
    Item.objects.filter(pk=item.pk).update(name="Other")

    for method in ("PATCH", "DELETE"):
        stale = caller.send(method, f"items/{item.pk}", {"name": "Mine"}, **{"If-Match": etag})
        assert (stale.status_code, stale.json()["detail"]) == (412, "Somebody changed it meanwhile: read it again.")
        assert caller.send(method, f"items/{item.pk}", {"name": "Mine"}).status_code == 428
        assert caller.send(method, f"items/{item.pk}", {}, **{"If-Match": '"1"'}).status_code == 412
    assert Item.objects.get(pk=item.pk).name == "Other"
    assert caller.send("PATCH", f"items/{item.pk}", {"name": "Mine"}, **ANY).json()["name"] == "Mine"


def test_item_of_somebody_else_can_be_read_and_not_changed() -> None:
    item, caller = make_item(), Caller(make_user())

    assert caller.send("PATCH", f"items/{item.pk}", {"name": "Mine"}, **ANY).status_code == 403
    assert caller.send("DELETE", f"items/{item.pk}", **ANY).status_code == 403
    assert Item.objects.filter(pk=item.pk, name=item.name).exists()


@pytest.mark.parametrize("name", [" ", "\n\t", "\u3000"])
def test_name_is_more_than_white_space(name: str) -> None:
    assert list_faults(Caller(make_user()).send("POST", "items", make_body(name=name))).keys() == {"#/name"}


def test_every_fault_of_a_body_is_told_and_nothing_is_made() -> None:
    body = make_body(
        name="", price=9.5, currency="eur", category_id="x", is_active="yes", colour="red", images=[{"alt": 1}]
    )

    faults = list_faults(Caller(make_user()).send("POST", "items", body))

    assert faults == {
        "#/colour": "There is no such field.",
        "#/name": "Expected `str` of length >= 1.",
        "#/price": "Expected `str`, got `float`.",
        "#/currency": r"Expected `str` matching regex '^[A-Z]{3}(?!\\n)$'.",
        "#/category_id": "Invalid UUID.",
        "#/is_active": "Expected `bool`, got `str`.",
        "#/images/0/url": "This is missing.",
        "#/images/0/alt": "Expected `str`, got `int`.",
    }
    assert not Item.objects.exists()


def test_what_rules_refuse_is_told_by_field_too() -> None:
    body = make_body(
        category_id=str(uuid4()), location_id=str(uuid4()), images=[{"url": "/x.png"}, {"url": "javascript:1"}]
    )

    faults = list_faults(Caller(make_user()).send("POST", "items", body))
    images = list_faults(Caller(make_user()).send("POST", "items", make_body(images=body["images"])))

    assert faults.keys() == {"#/category_id", "#/location_id"}
    assert images == {"#/images/1/url": "Enter a valid URL."}
    assert not Item.objects.exists()


def test_favorites_are_marked_listed_and_taken_back() -> None:
    user, item = make_user(), make_item()
    caller = Caller(user)
    make_favorite(item=item)

    for _ in range(2):
        assert caller.send("PUT", f"favorites/{item.pk}").status_code == 204
    assert [row["item"]["id"] for row in caller.read("favorites")["rows"]] == [str(item.pk)]
    Item.objects.filter(pk=item.pk).update(is_active=False)
    assert caller.read("favorites")["rows"] == []
    assert caller.send("DELETE", f"favorites/{item.pk}").status_code == 204
    assert caller.send("DELETE", f"favorites/{item.pk}").status_code == 404
    assert Favorite.objects.count() == 1
    assert caller.send("PUT", f"favorites/{uuid4()}").status_code == 404


def test_key_reads_what_is_public_and_is_told_that_people_make_items() -> None:
    item = make_item()
    key = Caller(key=issue_api_key(project=make_project(), name="of a test").text)

    assert list_ids(key, "items") == [str(item.pk)]
    for method, path in (("GET", "me/items"), ("GET", "favorites"), ("POST", "items"), ("PUT", f"favorites/{item.pk}")):
        answer = key.send(method, path, make_body() if method == "POST" else None)
        assert (answer.status_code, answer.json()["detail"]) == (403, "This is for people: an API key can't do it.")


@pytest.mark.postgresql
@pytest.mark.parametrize("table", ["items", "favorites", "item_images"])
def test_no_list_needs_its_filter_to_keep_rows_from_others(table: str) -> None:
    owner, other = make_user(), make_user()
    hidden = make_item(user=owner, is_active=False)
    make_favorite(user=owner, item=make_item(user=owner))
    make_item_image(item=hidden)
    column = {"items": "user_id", "favorites": "user_id", "item_images": "item_id"}[table]
    unseen = hidden.pk if table == "item_images" else owner.pk
    sql = f"SELECT count(*) FROM app.{table} WHERE {column} = %s" + (" AND NOT is_active" if table == "items" else "")

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, [unseen])
            return int(cursor.fetchone()[0])

    with as_user(owner):
        assert count() == 1
    for somebody in (as_user(other), as_nobody()):
        with somebody:
            assert count() == 0


@pytest.mark.postgresql
def test_list_that_is_asked_for_somebody_elses_rows_gives_what_is_public_alone() -> None:
    owner = make_user()
    shown, hidden = make_item(user=owner), make_item(user=owner, is_active=False)
    make_favorite(user=owner, item=shown)

    with as_user(make_user()):
        assert [row.id for row in own.list_own(user_id=owner.pk).rows] == [shown.pk]
        assert favorite.list_favorites(user_id=owner.pk).rows == []
        assert detail.find_seen(id=hidden.pk, user_id=owner.pk) is None
    with as_user(owner):
        assert len(own.list_own(user_id=owner.pk).rows) == 2
        assert len(favorite.list_favorites(user_id=owner.pk).rows) == 1
