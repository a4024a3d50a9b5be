"""What the database refuses of items, each constraint at least once."""

from decimal import Decimal

import pytest
from django.db import NotSupportedError, connection, transaction

from items.models import Favorite, Item, ItemImage
from tests.auth_app.factories import make_user
from tests.constraints import Refusal, assert_refused, list_constraints, save_stale
from tests.items.factories import make_favorite, make_item, make_item_image


def twice(make, **fields):
    make(**fields)
    make(**fields)


REFUSED: list[Refusal] = [
    (lambda: make_item(name=""), "items_name_check"),
    (lambda: make_item(price=Decimal("-0.01")), "items_price_check"),
    (lambda: make_item(currency="eur"), "items_currency_check"),
    (lambda: make_item(currency="EU"), "items_currency_check"),
    (lambda: make_item(version=0), "items_version_check"),
    (lambda: twice(make_item_image, item=make_item(), position=1), "item_images_item_position_uniq"),
    (lambda: make_item_image(position=-1), "item_images_position_check"),
    (lambda: make_item_image(url=""), "item_images_url_check"),
    (lambda: twice(make_favorite, user=make_user(), item=make_item()), "favorites_user_item_uniq"),
    (lambda: save_stale(make_item()), "items_version_counted"),
    (lambda: save_stale(make_item_image()), "item_images_version_counted"),
    (lambda: save_stale(make_favorite()), "favorites_version_counted"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "constraint"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_row_against_a_constraint_is_refused(make, constraint) -> None:
    assert_refused(make, constraint)


def test_every_constraint_is_tried() -> None:
    models = (Item, ItemImage, Favorite)

    assert {constraint for _, constraint in REFUSED} == set().union(*map(list_constraints, models))


@pytest.mark.postgresql  # SQLite has no such number
@pytest.mark.django_db
def test_price_that_is_no_number_is_refused() -> None:
    item = make_item()

    # By the price in hundredths, which the database makes before it looks at items_price_check.
    with pytest.raises(NotSupportedError, match="NaN"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE app.items SET price = 'NaN' WHERE id = %s", [item.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("price", ["0", "9999999999.99"])
def test_price_at_either_end_is_accepted(price: str) -> None:
    assert Item.objects.get(pk=make_item(price=Decimal(price)).pk).price == Decimal(price)
