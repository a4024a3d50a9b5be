"""Each search is served by its index, as the login of its service under policies, which let no other operator use one.

The naive way beside it is not: a plan that is fast there would say nothing of this one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from items.sql import item
from master.sql import location
from runs.sql import run
from tests.searches.planner import Planner

pytestmark = pytest.mark.xdist_group("searches")  # each process would fill databases of its own

SINCE = datetime.now(UTC) - timedelta(hours=1)
ITEM, PLACE = UUID(int=1), "land-7"
NAMED = ["locations_city_prefix_idx", "locations_country_name_prefix_idx", "locations_slug_prefix_idx"]
SEARCHES: list[tuple[Any, dict[str, Any], list[str]]] = [
    (item._LIST_ITEMS, {"words": ["word77"]}, ["items_search_idx", "items_pkey"]),
    (item._LIST_ITEMS, {"words": ["word77"], "currency": "EUR", "sort": "cheapest"}, ["items_search_idx"]),
    (item._LIST_ITEMS, {"currency": "EUR", "least_cents": 100, "most_cents": 300}, ["items_price_cents_idx"]),
    (item._LIST_ITEMS, {"sort": "cheapest"}, ["items_price_cents_idx"]),
    (item._LIST_ITEMS, {"sort": "name"}, ["items_name_idx"]),
    (item._LIST_TILES, {"sort": "dearest", "currency": "EUR", "rows": 24, "start": 0}, ["items_price_cents_idx"]),
    (item._LIST_ITEMS, {"category": "top-7/low-6"}, ["items_category_created_at_idx", "categories_path_uniq"]),
    (item._LIST_ITEMS, {"place": PLACE}, ["items_location_created_at_idx", "locations_slug_"]),
    (item._LIST_ITEMS, {}, ["items_created_at_idx"]),
    (item._LIST_TILES, {"words": ["word77"], "rows": 24, "start": 0}, ["items_search_idx", "items_pkey"]),
    (item._LIST_TILES, {"rows": 24, "start": 48}, ["items_created_at_idx", "item_images_item_position_uniq"]),
    (item._COUNT_BY_CATEGORY, {"words": ["word77", "thing"]}, ["items_search_idx", "items_pkey"]),
    (item._LIST_RELATED, {"category_id": UUID(int=2), "item_id": ITEM, "rows": 5}, ["items_category_created_at_idx"]),
    (item._FIND_ITEM, {"id": ITEM}, ["items_pkey", "profiles_"]),
    (item._LIST_IMAGES, {"item_id": ITEM}, ["item_images_item_position_uniq"]),
    (location._LIST_NAMED, {"text": "bad", "slug": "bad", "rows": 12}, NAMED),
    (location._LIST_NAMED, {"text": "東", "slug": None, "rows": 12}, NAMED[:2]),
    (location._FIND_LOCATION, {"slug": PLACE}, ["locations_slug_"]),
    (location._FIND_COUNTRY, {"country": "AH"}, ["locations_country"]),
    (run._LIST_RUNS, {"words": ["host77"]}, ["runs_search_idx", "runs_pkey"]),
    (run._LIST_RUNS, {"project_id": UUID(int=3), "statuses": ["queued"]}, ["runs_project_created_at_idx"]),
    (run._LIST_RUNS, {"since": SINCE}, ["runs_created_at_idx"]),
]


def name(search: tuple[Any, dict[str, Any], list[str]]) -> str:
    query, values, _ = search
    return "-".join([query.file.split("/")[-1].removesuffix(".sql"), *values])


@pytest.mark.parametrize(("query", "values", "indexes"), SEARCHES, ids=map(name, SEARCHES))
def test_search_is_served_by_its_index(
    planner: Planner, query: Any, values: dict[str, Any], indexes: list[str]
) -> None:
    values = dict(values)

    plan = planner.explain(query, values.pop("sort", ""), **values)

    assert [each for each in indexes if each not in plan] == [], plan


@pytest.mark.parametrize("number", [1, 250])
def test_search_of_somebody_is_served_by_its_index(planner: Planner, number: int) -> None:
    planner.show(planner.seal(number))
    try:
        plan = planner.explain(run._LIST_RUNS, words=["host77"])
        assert "runs_search_idx" in plan, plan
        plan = planner.explain(item._LIST_ITEMS, words=["word77"])
        assert "items_search_idx" in plan, plan
    finally:
        planner.show("")


NAIVE = """
SELECT i.id FROM app.items AS i
WHERE (to_tsvector('english', i.name || ' ' || "left"(i.description, 50000))
    || to_tsvector('simple', i.name || ' ' || "left"(i.description, 50000))) @@ to_tsquery('simple', 'word77')
"""


def test_naive_search_reads_every_row_behind_policies_alone(planner: Planner) -> None:
    assert "Seq Scan on items" in planner.ask(NAIVE)
    assert "Bitmap Index Scan on items_search_idx" in planner.ask(NAIVE, login="postgres")
