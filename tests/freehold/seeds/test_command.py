"""What `manage.py seed` takes, prints and refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.test import override_settings
from pytest_django.fixtures import Settings

from freehold.errors import SeedError
from tests.freehold.seeds.shops import Shop
from tests.seeded import run_seed

ROOT = Path(__file__).parents[3]
DEMO = (
    "auth_app.0001_users, auth_app.0002_proofs, items.0001_items, profile.0001_profiles, tenancy.0001_tenants, "
    "tenancy.20261129160000_tenant_emails, runs.0001_runs"
)


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def run(tmp_path: Path, *arguments: str) -> tuple[int, str, str]:
    """Run `manage.py` in a process on an empty SQLite database; give status and both streams."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}"}
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path)
    return ended.returncode, ended.stdout, ended.stderr


# --- Which seeds -------------------------------------------------------------------------------------------------
def test_kind_chooses_among_the_names(shop: Shop) -> None:
    shop.write_categories("0001_floor", "shop-a", kind="reference")
    shop.write_categories("0002_walls", "shop-b", kind="demo")

    up = shop.up("shop", "--kind", "demo")
    down = shop.down("shop", "--kind", "reference")

    assert up.startswith("  shop.0002_walls: 1 row added, 0.")
    assert down == "  shop.0001_floor: 0 rows removed\nNothing to do: none of their rows is there.\n"


def test_kind_of_a_demo_seed_brings_the_reference_data_it_needs(shop: Shop) -> None:
    shop.write_categories("0001_floor", "shop", kind="reference")
    shop.write_categories("0002_walls", "shop/b", kind="demo", depends=("shop.0001_floor",))

    shop.up("shop", "--kind", "demo")

    assert [path for path, _ in shop.list_categories()] == ["shop", "shop/b"]


def test_up_with_debug_off_skips_demo_seeds_and_says_which(shop: Shop, settings: Settings) -> None:
    settings.DEBUG = False
    shop.write_categories("0001_floor", "shop-a", kind="demo")
    shop.write_categories("0002_walls", "shop-b", kind="reference")

    printed = run_seed("up").splitlines()

    assert printed[0] == (
        f"Demo seeds are skipped, since DEBUG is off: {DEMO}, shop.0001_floor. `seed up --kind demo` applies them."
    )
    assert printed[1:3] == ["  master.0001_categories: nothing to add", "  master.0002_locations: nothing to add"]
    assert printed[3].startswith("  shop.0002_walls: 1 row added, 0.")
    assert [path for path, _ in shop.list_categories()] == ["shop-b"]


def test_up_with_debug_off_takes_a_demo_seed_that_is_named(shop: Shop, settings: Settings) -> None:
    settings.DEBUG = False
    shop.write_categories("0001_floor", "shop-a", kind="demo")

    shop.up("shop.0001_floor")

    assert [path for path, _ in shop.list_categories()] == ["shop-a"]


def test_up_with_debug_on_takes_demo_seeds_too(shop: Shop, settings: Settings) -> None:
    settings.DEBUG = True
    shop.write_categories("0001_floor", "shop-a", kind="demo")

    printed = run_seed("up")

    assert [line.partition(":")[0].strip() for line in printed.splitlines()] == [
        "auth_app.0001_users",
        "auth_app.0002_proofs",
        "master.0001_categories",
        "master.0002_locations",
        "items.0001_items",
        "profile.0001_profiles",
        "tenancy.0001_tenants",
        "tenancy.20261129160000_tenant_emails",
        "runs.0001_runs",
        "shop.0001_floor",
    ]


# --- Of which schema ---------------------------------------------------------------------------------------------
def test_schema_chooses_its_seeds_up_down_and_in_the_status(shop: Shop) -> None:
    shop.write_categories("0001_floor", "shop-a")

    up = run_seed("up", "--schema", "master")
    status = json.loads(run_seed("status", "--schema", "master", "--format", "json"))
    down = run_seed("down", "shop", "--schema", "master")

    assert [line.split(":")[0].strip() for line in up.splitlines()] == [
        "master.0001_categories",
        "master.0002_locations",
        "shop.0001_floor",
    ]
    assert [each["name"] for each in status] == ["master.0001_categories", "master.0002_locations", "shop.0001_floor"]
    assert down == "  shop.0001_floor: 1 row removed\n"


def test_status_of_a_schema_leaves_out_seeds_of_others_whose_files_are_gone(shop: Shop) -> None:
    shop.write_categories("0001_floor", "shop-a")
    shop.up()
    (shop.seeds / "0001_floor.py").unlink()

    def list_names(schema: str) -> set[str]:
        return {each["name"] for each in json.loads(run_seed("status", "--schema", schema, "--format", "json"))}

    assert "shop.0001_floor" in list_names("master")
    assert "shop.0001_floor" not in list_names("app")


def test_schema_brings_what_its_seeds_depend_on(shop: Shop) -> None:
    up = run_seed("up", "--schema", "app", "--kind", "demo")

    assert "  master.0001_categories: nothing to add" in up.splitlines()
    assert "shop" not in up


@pytest.mark.parametrize("action", ["up", "down"])
@pytest.mark.usefixtures("seeded")
def test_schema_without_seeds_is_nothing_to_do(action: str) -> None:
    assert run_seed(action, "--schema", "public") == "Nothing to do: schema public has no seeds.\n"
    assert run_seed(action, "--schema", "master", "--kind", "demo") == (
        "Nothing to do: schema master has no demo seeds.\n"
    )


@pytest.mark.parametrize("action", ["up", "down", "status"])
@pytest.mark.usefixtures("seeded")
def test_unknown_schema_is_refused(action: str) -> None:
    with pytest.raises(SeedError) as caught:
        run_seed(action, "--schema", "mister")

    assert (
        str(caught.value)
        == "there is no schema 'mister': the ownership map has auth, master, app, seal, limits, public"
    )


@pytest.mark.parametrize("action", ["up", "down", "status"])
def test_external_schema_is_refused(shop: Shop, settings: Settings, action: str) -> None:
    with override_settings(OWNERSHIP="tests.freehold.maps.WITH_EXTERNAL"), pytest.raises(SeedError) as caught:
        run_seed(action, "--schema", "goose")

    assert str(caught.value) == "schema goose is external: what belongs into its tables is its own tool's to say"


@pytest.mark.parametrize("action", ["up", "down"])
def test_seed_that_is_named_and_lies_elsewhere_is_refused(shop: Shop, action: str) -> None:
    shop.write_categories("0001_floor", "shop-a")

    with pytest.raises(SeedError) as caught:
        run_seed(action, "shop", "--schema", "app")

    assert str(caught.value) == "seed shop.0001_floor lies in schema master, not in app: leave out the one or the other"


# --- What is shown -----------------------------------------------------------------------------------------------
def test_progress_is_shown_on_a_terminal(shop: Shop) -> None:
    shop.write_categories("0001_floor", "shop", "shop/a")
    terminal = Terminal()

    shop.up(stdout=terminal, no_color=False)

    shown = terminal.getvalue()
    assert 0 < shown.index(" shop.0001_floor: reading ") < shown.index(" master.categories ") < shown.index("0/2")
    assert shown.endswith("\x1b[2K")  # the line is gone


def test_verbosity_0_prints_nothing(shop: Shop) -> None:
    shop.write_categories("0001_floor", "shop")
    terminal = Terminal()

    shop.up(stdout=terminal, verbosity=0)
    shop.down(stdout=terminal, verbosity=0)

    assert terminal.getvalue() == ""


# --- Bad input ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("shop.0001_flour", "there is no seed shop.0001_flour: did you mean shop.0001_floor?"),
        ("0001_floor", "there is no seed 0001_floor: did you mean shop.0001_floor?"),
        ("shopp", "there is no seed shopp: did you mean shop?"),
        ("xyzzy", "there is no seed xyzzy: `manage.py seed status` lists them"),
    ],
)
def test_unknown_name_is_refused_with_what_is_near(shop: Shop, name: str, message: str) -> None:
    shop.write_categories("0001_floor", "shop")

    with pytest.raises(SeedError) as caught:
        shop.up("shop", name)

    assert str(caught.value) == message
    assert shop.list_categories() == []


def test_unknown_kind_is_refused(shop: Shop) -> None:
    with pytest.raises(CommandError) as caught:
        shop.up("--kind", "tests")

    assert "argument --kind: invalid choice: 'tests' (choose from" in str(caught.value)


@pytest.mark.sqlite
@pytest.mark.parametrize("action", ["up", "down", "status"])
def test_database_that_is_not_migrated_is_told_in_one_line(tmp_path: Path, action: str) -> None:
    assert run(tmp_path, "seed", action) == (
        1,
        "",
        "Database: SQLite file ./empty.db\n"
        "freehold: table public.migration_history, which the history of seeds needs, is missing: run "
        "`manage.py migrate` first\n",
    )


@pytest.mark.sqlite
def test_unknown_name_is_told_in_one_line(tmp_path: Path) -> None:
    assert run(tmp_path, "seed", "up", "xyzzy") == (
        1,
        "",
        "freehold: there is no seed xyzzy: `manage.py seed status` lists them\n",
    )
