"""What app.search_items gives to whom: it has the owner's rights, and so holds back itself what policies hold back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st
from psycopg.errors import InvalidParameterValue

from freehold.services import acting_as
from items.models import Item
from tests.auth_app.factories import make_user
from tests.items.factories import make_item
from tests.rls import as_key, as_nobody, as_user
from tests.tenancy.factories import make_project

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def search(*words: str | None) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT found FROM app.search_items(%s::text[]) AS found", [list(words)])
        return {found for (found,) in cursor.fetchall()}


def see() -> set[UUID]:
    return set(Item.objects.values_list("pk", flat=True))


@pytest.fixture
def items() -> dict[str, Item]:
    """Two people's items, one on offer and one not, all of one word."""
    people = {"anna": make_user(), "ben": make_user()}
    return {
        f"{name}_{word}": make_item(user=user, is_active=word == "offered", name=f"Oak {name}")
        for name, user in people.items()
        for word in ("offered", "kept")
    }


def test_search_gives_what_is_on_offer_and_of_whoever_asks(items: dict[str, Item]) -> None:
    with as_user(items["anna_kept"].user):
        found, seen = search("oak"), see()

    assert found == seen == {items[name].pk for name in ("anna_offered", "anna_kept", "ben_offered")}


def test_search_gives_nobody_and_a_key_what_is_on_offer(items: dict[str, Item]) -> None:
    on_offer = {items[name].pk for name in ("anna_offered", "ben_offered")}

    for acting in (as_nobody(), as_key(make_project())):
        with acting:
            assert search("oak") == see() == on_offer


def test_search_believes_no_setting_that_says_who_asks(items: dict[str, Item]) -> None:
    ben = items["ben_kept"].user
    with as_user(items["anna_kept"].user), transaction.atomic(), connection.cursor() as cursor:
        for name in ("freehold.user_id", "request.jwt.claim.sub"):
            cursor.execute("SELECT set_config(%s, %s, true)", [name, str(ben.pk)])

        assert items["ben_kept"].pk not in search("oak")


def test_search_of_no_word_finds_nothing(items: dict[str, Item]) -> None:
    with as_nobody():
        assert search() == search("%") == search("") == search(None) == search(" ") == set()
        assert search("oak", "", None, "%") == search("oak")


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=20))
@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_search_of_any_words_is_no_error(items: dict[str, Item], words: list[str]) -> None:
    with as_nobody():
        assert search(*words) <= see()


def test_search_of_more_words_than_count_is_taken(items: dict[str, Item]) -> None:
    with as_nobody():
        assert search(*["oak"] * 16, "nothing") == search("oak")
        assert search(*["oak"] * 10_000) == search("oak")


def test_search_is_for_no_service_that_may_not_read_items() -> None:
    with acting_as("web"), pytest.raises(DatabaseError, match="search_items"), transaction.atomic():
        search("oak")


@pytest.mark.parametrize("words", ["{{a,b},{c,d}}", "{{{a}}}"])
def test_list_of_lists_is_no_list_of_words(words: str, connect_as: Any) -> None:
    with pytest.raises(InvalidParameterValue, match=r"words are a list of texts, and a list of [23] dimensions came"):
        connect_as("api_rw").execute("SELECT app.search_items(%s::text[])", [words])
