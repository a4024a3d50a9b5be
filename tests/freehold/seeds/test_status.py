"""What `seed status` says of each seed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.freehold.seeds.shops import Shop, get_categories
from tests.seeded import run_seed

EMAILS = "tenancy.20261129160000_tenant_emails"


def read_status(name: str) -> dict[str, Any]:
    """Give what is said of a seed, but for the moment."""
    listed = {each["name"]: each for each in json.loads(run_seed("status", "--format", "json"))}
    status = listed[name]
    since = status.pop("since")
    assert since is None or datetime.fromisoformat(since).tzinfo
    return dict(status)


def make_status(**changes: Any) -> dict[str, Any]:
    defaults = {"name": "shop.0001_shelves", "kind": "reference", "state": "up", "present": 2, "declared": 2}
    return {**defaults, "kept": 0, "is_changed": False, **changes}


def test_status_of_a_new_seed_is_never_up(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a", kind="demo")

    assert read_status("shop.0001_shelves") == make_status(kind="demo", state="never up", present=0, is_changed=None)


def test_status_after_up_counts_the_rows_there(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    shop.up()
    get_categories().filter(path="shop/a").delete()

    assert read_status("shop.0001_shelves") == make_status(present=1)


def test_status_counts_the_rows_that_people_made(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    get_categories().create(path="shop", slug="shop", name="By hand")
    shop.up()

    assert read_status("shop.0001_shelves") == make_status(present=1, kept=1)


def test_status_after_down_is_down(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    shop.up()
    shop.down()

    assert read_status("shop.0001_shelves") == make_status(state="down", present=0, is_changed=None)


def test_status_of_a_changed_source_says_so(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    shop.up()
    shop.write_categories("0001_shelves", "shop", "shop/a", "shop/b")

    assert read_status("shop.0001_shelves") == make_status(declared=3, is_changed=True)


def test_status_lists_a_seed_that_is_up_and_whose_file_is_gone(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    shop.up()
    (shop.seeds / "0001_shelves.py").unlink()

    assert read_status("shop.0001_shelves") == make_status(kind="", state="up, file gone", declared=0, is_changed=True)


def test_status_as_a_table_shows_each_seed_in_a_line(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    shop.up()

    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in run_seed("status").splitlines()]

    lines = {each[0]: each[1:] for each in cells if each}
    kind, state, since, rows, source = lines["shop.0001_shelves"]
    assert (kind, state, rows, source) == ("reference", "up", "2 / 2", "unchanged")
    assert datetime.fromisoformat(since)
    assert lines["master.0001_categories"][3] == "414 / 414"


@pytest.mark.usefixtures("seeded")
def test_status_of_the_project_s_seeds_is_up_and_unchanged() -> None:
    statuses = json.loads(run_seed("status", "--format", "json"))

    assert {(each["state"], each["is_changed"], each["kept"]) for each in statuses} == {("up", False, 0)}
    assert all(each["present"] == each["declared"] for each in statuses)
    assert [each["name"] for each in statuses if not each["declared"]] == [EMAILS], "it changes rows and adds none"
    assert [each["name"] for each in statuses] == [
        "auth_app.0001_users",
        "auth_app.0002_proofs",
        "master.0001_categories",
        "master.0002_locations",
        "items.0001_items",
        "profile.0001_profiles",
        "tenancy.0001_tenants",
        EMAILS,
        "runs.0001_runs",
    ]
