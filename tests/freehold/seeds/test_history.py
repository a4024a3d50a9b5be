"""What the history keeps of a seed, and what `history verify` finds of it."""

from __future__ import annotations

import json
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections

from freehold.acting import acting
from freehold.acting.logins import using_login
from freehold.models import MigrationHistory
from tests.freehold.seeds.shops import Shop
from tests.seeded import ALIAS


def verify() -> list[dict[str, str]]:
    """Give the findings about the shop."""
    output = StringIO()
    with suppress(SystemExit):
        call_command("history", "verify", "--format", "json", database=ALIAS, stdout=output)
    findings: list[dict[str, str]] = json.loads(output.getvalue())["findings"]
    assert all(each["object"].startswith("shop") for each in findings)
    return findings


def repair(name: str) -> None:
    call_command("history", "repair", "shop", name, "--yes", database=ALIAS, stdout=StringIO())


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """The shop with one seed that is up."""
    shop.write_categories("0001_shelf", "shop", "shop/shelf")
    shop.up()
    return shop


def test_source_of_a_seed_is_kept_as_it_went_up_and_down(stocked: Shop) -> None:
    text = (stocked.seeds / "0001_shelf.py").read_text()
    stocked.down()

    with using_login(connections[ALIAS], "migrator"), acting(None):
        rows = list(MigrationHistory.objects.using(ALIAS).filter(app="shop").order_by("id"))

    assert [(row.direction, row.sources) for row in rows] == [
        ("up", {"seeds/0001_shelf.py": text}),
        ("down", {"seeds/0001_shelf.py": text}),
    ]


def test_edited_seed_is_named_until_it_goes_up_again(stocked: Shop) -> None:
    stocked.write_categories("0001_shelf", "shop", "shop/shelf", "shop/drawer")

    (found,) = verify()
    stocked.up()

    assert (found["rule"], found["object"], found["level"]) == ("H002", "shop.0001_shelf", "error")
    assert found["path"] == str(stocked.seeds / "0001_shelf.py")
    assert "+ROWS = [('shop', 'shop', 'Shelf shop', None)," in found["message"]
    assert verify() == []


def test_edited_seed_can_be_accepted_and_still_go_up(stocked: Shop) -> None:
    stocked.write_categories("0001_shelf", "shop", "shop/shelf", "shop/drawer")

    repair("0001_shelf")
    after = verify()
    printed = stocked.up()

    assert after == []
    assert "its source has changed since, 1 row added" in printed


def test_missing_seed_is_named_and_can_be_accepted(stocked: Shop) -> None:
    (stocked.seeds / "0001_shelf.py").unlink()

    (found,) = verify()
    repair("0001_shelf")

    assert (found["rule"], found["object"]) == ("H003", "shop.0001_shelf")
    assert found["message"].startswith("its file is missing; it went up ")
    assert verify() == []


def test_missing_source_of_a_seed_is_named(stocked: Shop) -> None:
    path = stocked.seeds / "0001_shelf.py"
    text = path.read_text().replace(
        "SEED = Seed(", "from pathlib import Path\nSEED = Seed(\n    sources=(Path('/nowhere.csv'),),"
    )
    stocked.write("0001_shelf", text)

    (found,) = verify()

    assert (found["rule"], found["object"]) == ("H003", "shop.0001_shelf")
    assert found["message"] == "seed shop.0001_shelf: its source /nowhere.csv can't be read: No such file or directory"
