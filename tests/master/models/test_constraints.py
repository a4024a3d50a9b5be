"""What the database refuses in schema master, each constraint at least once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from master.models import Category, Location
from tests.constraints import Refusal, assert_refused, list_constraints, save_stale
from tests.items.factories import make_item
from tests.master.factories import make_category, make_country, make_location


def make_own_parent() -> None:
    category = make_category("a")
    Category.objects.filter(pk=category.pk).update(parent=category)


REFUSED: list[Refusal] = [
    (lambda: [make_category("a"), make_category("a")], "categories_path_uniq"),
    (make_own_parent, "categories_parent_check"),
    (lambda: make_category("Phones"), "categories_slug_check"),
    (lambda: make_category("mobile--phones"), "categories_slug_check"),
    (lambda: make_category("a/b"), "categories_slug_check"),
    (lambda: make_category("a\n"), "categories_slug_check"),
    (lambda: make_category("b", path="a/b"), "categories_path_check"),
    (lambda: make_category("b", make_category("a"), path="a/c"), "categories_path_check"),
    (lambda: make_category("b", make_category("a"), path="b"), "categories_path_check"),
    (lambda: make_category("b", make_category("a"), path="a-b"), "categories_path_check"),
    (lambda: make_category(name=""), "categories_name_check"),
    (lambda: make_category(position=-1), "categories_position_check"),
    (lambda: [make_location(slug="berlin"), make_location(slug="berlin")], "locations_slug_uniq"),
    (lambda: [make_country("DE"), make_country("DE")], "locations_country_uniq"),
    (lambda: make_location(slug="São Paulo"), "locations_slug_check"),
    (lambda: make_location(slug=""), "locations_slug_check"),
    (lambda: make_location(country="de"), "locations_country_check"),
    (lambda: make_location(country="D"), "locations_country_check"),
    (lambda: make_location(country_name=""), "locations_country_check"),
    (lambda: make_country(region="Bavaria"), "locations_region_check"),
    (lambda: make_location(latitude=None, longitude=None), "locations_coordinates_check"),
    (lambda: make_location(latitude=None), "locations_coordinates_check"),
    (lambda: make_country(latitude=Decimal(1)), "locations_coordinates_check"),
    (lambda: make_location(latitude=Decimal("90.00001")), "locations_latitude_check"),
    (lambda: make_location(latitude=Decimal("-90.00001")), "locations_latitude_check"),
    (lambda: make_location(longitude=Decimal("180.00001")), "locations_longitude_check"),
    (lambda: make_location(longitude=Decimal("-180.00001")), "locations_longitude_check"),
    (lambda: make_location(population=-1), "locations_population_check"),
    (lambda: save_stale(make_category()), "categories_version_counted"),
    (lambda: save_stale(make_location()), "locations_version_counted"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "constraint"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_row_against_a_constraint_is_refused(make, constraint) -> None:
    assert_refused(make, constraint)


def test_every_constraint_is_tried() -> None:
    models = (Category, Location)

    assert {constraint for _, constraint in REFUSED} == set().union(*map(list_constraints, models))


@pytest.mark.django_db
def test_category_with_its_path_is_accepted() -> None:
    android = make_category("android", make_category("phones", make_category("electronics")))

    assert (android.path, android.depth) == ("electronics/phones/android", 2)


@pytest.mark.django_db
def test_countries_with_and_without_coordinates_are_accepted() -> None:
    make_country("DE")
    make_country("FR", latitude=Decimal(47), longitude=Decimal(2))
    make_location(country="DE", latitude=Decimal(-90), longitude=Decimal(180), population=0)

    assert list(Location.objects.countries().values_list("country", flat=True)) == ["DE", "FR"]
    assert Location.objects.cities().count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["category", "location"])
def test_master_row_in_use_can_not_be_deleted(field: str) -> None:
    row = getattr(make_item(location=make_location()), field)

    with pytest.raises(IntegrityError), transaction.atomic():
        delete_and_check(row)


@pytest.mark.django_db
def test_category_with_children_can_not_be_deleted() -> None:
    parent = make_category("a")
    make_category("b", parent)

    with pytest.raises(IntegrityError), transaction.atomic():
        delete_and_check(parent)


def delete_and_check(row: Model) -> None:
    """Delete a row and have the constraints checked that are deferred."""
    row.delete()
    connection.check_constraints()
