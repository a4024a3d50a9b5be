"""What the SQLite backend writes into queries, with policies of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import Avg, Count, Exists, F, Model, OuterRef, Q, Subquery

from freehold.acting import ANONYMOUS, Principal, acting
from freehold.errors import PolicyError
from freehold.rls import CurrentUser, Policy, filters
from freehold.rls.filters import RowRefusedError
from freehold.services import acting_as
from items.models import Favorite, Item
from tests.auth_app.factories import make_user
from tests.items.factories import make_favorite, make_item
from tests.rls import as_nobody, as_user

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

Protect = Callable[..., None]
MINE = Q(user_id=CurrentUser())


@pytest.fixture
def protect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Protect]:
    """Give a function that puts other policies in the place of a model's."""

    def forget() -> None:
        for cached in (filters.list_applicable, filters.find_applicable):
            cached.cache_clear()

    def replace(model: type[Model], *policies: Policy) -> None:
        found = (*policies, Policy("back_office", "admin", everything=True))
        protected = {**filters.get_protected(), model._meta.db_table: (model, found)}
        monkeypatch.setattr(filters, "get_protected", lambda: protected)
        forget()

    yield replace
    monkeypatch.undo()
    forget()


def test_service_without_a_policy_sees_and_writes_nothing(protect: Protect) -> None:
    item = make_item()
    protect(Item)

    with as_user(item.user):
        assert not Item.objects.exists()
        assert Item.objects.update(name="x") == 0
        assert Item.objects.all().delete()[0] == 0
    with as_user(item.user), pytest.raises(RowRefusedError) as caught:
        make_item(user=item.user, category=item.category)

    assert str(caught.value) == (
        "service 'api' may not insert rows of app.items: no policy of the model lets it; see docs/policies.md"
    )


def test_refusal_names_service_table_and_policies() -> None:
    item, other = make_item(), make_user()

    with as_user(other), pytest.raises(PolicyError) as caught:
        make_item(user=item.user, category=item.category)

    error: Any = caught.value
    assert str(error) == (
        "service 'api' may not insert this row of app.items: it lies outside the policies 'own'; see docs/policies.md"
    )
    assert (error.service, error.table, error.command, error.policies) == ("api", "app.items", "insert", ("own",))
    assert isinstance(error, ProgrammingError)


def test_with_nobody_acting_nothing_is_held() -> None:
    make_item(is_active=False)

    with acting(None):
        assert Item.objects.count() == 1


def test_query_shows_the_rows_of_whoever_runs_it() -> None:
    mine, theirs = make_item(is_active=False), make_item(is_active=False)
    with as_user(mine.user):
        query = Item.objects.all()
    with as_user(theirs.user):
        assert list(query) == [theirs]
        assert list(query.all()) == [theirs]


def test_rows_are_held_wherever_a_table_is_named() -> None:
    mine = make_item(is_active=False)
    make_favorite(item=mine)
    make_item(is_active=False, user=make_user(), category=mine.category)

    with as_user(mine.user):
        favorites = Favorite.objects.filter(item=OuterRef("pk"))
        assert Item.objects.aggregate(Count("pk"))["pk__count"] == 1
        assert Item.objects.aggregate(Avg("price"))["price__avg"] == mine.price
        assert Item.objects.distinct().count() == 1
        assert Item.objects.order_by().union(Item.objects.order_by(), all=True).count() == 2
        assert not Item.objects.filter(Exists(favorites)).exists()
        assert Item.objects.annotate(who=Subquery(favorites.values("user")[:1])).get().who is None
        assert Item.objects.annotate(count=Count("favorites")).get().count == 0
        assert mine.category.items.count() == 1
        assert Item._base_manager.count() == 1
        assert list(Item.objects.filter(category__items__isnull=False)) == [mine]
        assert Item.objects.filter(Q(is_active=False) | ~Q(pk=mine.pk)).count() == 1


def test_negated_condition_shows_no_more() -> None:
    make_item(is_active=False)

    with as_nobody():
        assert Item.objects.exclude(is_active=True).count() == 0
        assert Item.objects.exclude(favorites__user=make_nobody()).count() == 0


def make_nobody() -> Any:
    with acting(None):
        return make_user()


def test_insert_that_reads_its_row_back_must_be_let_see_it(protect: Protect) -> None:
    item = make_item()
    protect(Favorite, Policy("adding", "api", "insert", check=MINE))

    with as_user(item.user):
        with pytest.raises(PolicyError), transaction.atomic():
            Favorite.objects.create(user=item.user, item=item)
        Favorite.objects.bulk_create([Favorite(user=item.user, item=item)], ignore_conflicts=True)

    with acting(None):
        assert Favorite.objects.count() == 1


def test_numbers_are_compared_as_numbers(protect: Protect) -> None:
    item = make_item()
    protect(Item, Policy("cheap", "api", using=Q(price__lt=100)))

    with acting_as("api", ANONYMOUS):
        make_item(user=item.user, category=item.category, price=Decimal("9.50"))
        with pytest.raises(PolicyError), transaction.atomic():
            make_item(user=item.user, category=item.category, price=Decimal("100.00"))
        with pytest.raises(PolicyError), transaction.atomic():
            Item.objects.update(price=F("price") * 100)
        assert Item.objects.update(price=F("price") + 1) == 2


def test_defaults_of_the_database_count(protect: Protect) -> None:
    item = make_item()
    protect(Item, Policy("active", "api", using=Q(is_active=True, created_at__gt=LONG_AGO)))

    with acting_as("api", ANONYMOUS):
        fields = {"user": item.user, "category": item.category, "name": "x", "price": 1}
        assert Item.objects.bulk_create([Item(**fields), Item(**fields, is_active=True)])
        with pytest.raises(PolicyError), transaction.atomic():
            Item.objects.bulk_create([Item(**fields), Item(**fields, is_active=False)])


def test_check_may_be_stricter_than_using(protect: Protect) -> None:
    item = make_item(is_active=False)
    protect(Item, Policy("activate", "api", using=MINE, check=MINE & Q(is_active=True)))

    with as_user(item.user):
        assert Item.objects.filter(is_active=False).count() == 1
        with pytest.raises(PolicyError), transaction.atomic():
            Item.objects.update(is_active=False, name="x")
        assert Item.objects.update(is_active=True) == 1


def test_upsert_may_not_change_a_row_into_what_it_may_not_be(protect: Protect) -> None:
    item = make_item(name="Old")
    protect(Item, Policy("keep", "api", using=MINE, check=MINE & Q(Q(is_active=True) | Q(name="New"))))
    copy = {"pk": item.pk, "user": item.user, "category": item.category, "name": "New", "price": 1, "is_active": False}
    conflict: dict[str, Any] = {"update_conflicts": True, "unique_fields": ["pk"]}

    with as_user(item.user):
        with pytest.raises(PolicyError), transaction.atomic():  # "New" may rest, and "Old" keeps its name
            Item.objects.bulk_create([Item(**copy)], update_fields=["is_active"], **conflict)
        Item.objects.bulk_create([Item(**copy)], update_fields=["name"], **conflict)

    item.refresh_from_db()
    assert (item.name, item.is_active) == ("New", True)


def test_many_rows_are_looked_at_at_once() -> None:
    item, other = make_item(), make_user()

    def make(last: Any) -> list[Item]:
        users = [item.user] * 699 + [last]
        return [Item(user=user, category=item.category, name="x", price=1) for user in users]

    with as_user(item.user):
        assert len(Item.objects.bulk_create(make(item.user))) == 700
        with pytest.raises(PolicyError), transaction.atomic():
            Item.objects.bulk_create(make(other))
        assert Item.objects.filter(name="x").update(name="y") == 700
        assert Item.objects.filter(name="y").delete()[0] == 700


def test_principal_that_is_no_user_is_nobody() -> None:
    make_item(is_active=False)

    for principal in (ANONYMOUS, Principal("service"), Principal("api_key", "", str(make_user().pk))):
        with acting_as("api", principal):
            assert not Item.objects.exists()


def test_delete_through_a_join_reaches_the_rows_that_it_names_and_no_others() -> None:
    item, other = make_item(), make_item()  # both are on offer, and seen by everyone

    with as_user(item.user):
        with pytest.raises(PolicyError), transaction.atomic():
            Item.objects.filter(category__name__contains="").delete()
        assert Item.objects.filter(category__pk=item.category_id, category__name=item.category.name).delete()[0] == 1

    assert list(Item.objects.all()) == [other]
