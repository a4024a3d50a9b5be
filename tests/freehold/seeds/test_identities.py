"""Ids of seeded rows: the same for ever, apart from people's, and apart from other seeds'."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.contenttypes.models import ContentType

from auth_app.models import User
from freehold.errors import SeedError
from freehold.seeds.identities import find_range, get_range, make_row_ids
from master.models import Category


def make_ids(seed: str, *keys: str) -> list[uuid.UUID]:
    ids = make_row_ids(get_range(seed, Category), Category, keys)
    return [uuid.UUID(bytes=each) for each in ids if isinstance(each, bytes)]


def test_id_of_a_row_never_changes() -> None:
    (found,) = make_ids("master.0001_categories", "electronics/phones")

    assert found == uuid.UUID("d35d4261-3955-869f-b79b-71e2d5f95b38")


def test_ids_are_uuids_of_version_8_within_the_seed_s_range() -> None:
    keys = [f"key {number}" for number in range(500)]

    ids = make_ids("master.0001_categories", *keys)

    seed_range = get_range("master.0001_categories", Category)
    assert {(each.version, each.variant) for each in ids} == {(8, uuid.RFC_4122)}
    assert all(seed_range.low <= each <= seed_range.high for each in ids)
    assert len(set(ids)) == 500


def test_ids_of_two_seeds_lie_in_ranges_that_do_not_meet() -> None:
    one, other = (get_range(name, Category) for name in ("master.0001_categories", "master.0002_locations"))

    assert one.high < other.low or other.high < one.low


def test_id_that_a_person_s_row_gets_is_in_no_range() -> None:
    seed_range = get_range("master.0001_categories", Category)
    made = uuid.UUID(bytes=seed_range.low.bytes[:6] + uuid.uuid4().bytes[6:])  # the seed's 48 bits, by chance

    assert not seed_range.low <= made <= seed_range.high


def test_ids_of_a_table_with_bigints_are_negative() -> None:
    model = User.groups.through
    seed_range = get_range("auth_app.0001_users", model)

    ids = make_row_ids(seed_range, model, ["a", "b"])

    assert all(seed_range.low <= each <= seed_range.high < 0 for each in ids)
    assert len(set(ids)) == 2


def test_table_whose_key_has_no_room_is_refused() -> None:
    assert find_range("shop.0001_types", ContentType) is None
    with pytest.raises(SeedError) as caught:
        get_range("shop.0001_types", ContentType)

    assert str(caught.value) == (
        "seed shop.0001_types: contenttypes.ContentType has a primary key of type AutoField, which leaves no room for "
        "a seed's ids: use UUIDField or BigAutoField"
    )
