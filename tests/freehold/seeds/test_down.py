"""What `seed down` removes, what it leaves alone, and when it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connections
from pytest_django.fixtures import Settings

from auth_app.models import Session, User
from freehold.errors import SeedError
from freehold.seeds import journal
from items.models import Item
from master.models import Category, Location
from runs.models import RunCount
from tenancy.models import Tenant
from tests.freehold.estates import get_server
from tests.freehold.seeds.shops import Shop, get_categories, list_history
from tests.seeded import ALIAS, run_seed

DEMO_APPS = ("auth_app", "items", "profile", "tenancy", "runs")


ADD_BELOW = """
    INSERT INTO master.categories (path, slug, name, parent_id)
    SELECT 'shop/new', 'new', 'New', id FROM master.categories WHERE path = 'shop'
"""
TWO_TABLES = """
from freehold.seeds import Rows, Seed
SEED = Seed(kind="demo", rows=(
    Rows("master.Category", key=("path",), fields=("path", "slug", "name"), read=lambda: [("shop", "shop", "Shop")]),
    Rows("master.Location", key=("slug",), fields=("slug", "city", "country", "country_name", "latitude", "longitude"),
        read=lambda: [("shop", "Shop", "DE", "Germany", 50, 10)]),
))
"""


def make_category(path: str, parent: Any = None) -> Any:
    return Category.objects.using(ALIAS).create(path=path, slug=path.rpartition("/")[2], name="By hand", parent=parent)


def fail(*names: str) -> tuple[str, str]:
    """Give what a refused `seed down` lists, and its error."""
    listed = StringIO()
    with pytest.raises(SeedError) as caught:
        run_seed("down", *names, stderr=listed)
    return listed.getvalue(), str(caught.value)


@pytest.fixture
def root(seeded_database: str) -> Iterator[psycopg.Connection]:
    """A superuser's session in the database."""
    with closing(psycopg.connect(**{**get_server(), "dbname": seeded_database}, autocommit=True)) as session:
        yield session


# --- What goes ---------------------------------------------------------------------------------------------------
def test_down_removes_the_rows_of_the_seed_and_no_other(shop: Shop) -> None:
    make_category("shop-mine")
    shop.write_categories("0001_shelves", "shop", "shop/a", "shop/a/b")
    shop.up()
    others = Category.objects.using(ALIAS).exclude(path__startswith="shop").count()

    printed = shop.down()

    assert printed == "  shop.0001_shelves: 3 rows removed\n"
    assert shop.list_categories() == [("shop-mine", "By hand")]
    assert Category.objects.using(ALIAS).exclude(path__startswith="shop").count() == others > 200
    assert [entry[:2] for entry in list_history("0001_shelves")] == [("up", "ok"), ("down", "ok")]


def test_down_twice_finds_nothing_to_do(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop")
    shop.up()
    shop.down()

    printed = shop.down()

    assert printed == "  shop.0001_shelves: 0 rows removed\nNothing to do: none of their rows is there.\n"
    assert len(list_history("0001_shelves")) == 2


def test_down_removes_a_row_that_a_person_edited(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop")
    shop.up()
    get_categories().update(path="shop-renamed", slug="shop-renamed", name="Edited")

    printed = shop.down()

    assert printed == "  shop.0001_shelves: 1 row removed\n"
    assert shop.list_categories() == []


def test_down_leaves_a_row_that_a_person_made_before(shop: Shop) -> None:
    make_category("shop")
    shop.write_categories("0001_shelves", "shop", "shop-new")
    shop.up()

    printed = shop.down()

    assert printed == "  shop.0001_shelves: 1 row removed\n"
    assert shop.list_categories() == [("shop", "By hand")]


def test_down_removes_rows_that_the_source_has_dropped(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop-old")
    shop.up()
    shop.write_categories("0001_shelves", "shop")

    printed = shop.down()

    assert printed == "  shop.0001_shelves: 2 rows removed\n"
    assert shop.list_categories() == []


def test_down_removes_rows_from_a_table_that_the_seed_no_longer_names(shop: Shop) -> None:
    shop.write("0001_shelves", TWO_TABLES)
    shop.up()
    shop.write_categories("0001_shelves", "shop")

    printed = shop.down()

    assert printed == "  shop.0001_shelves: 2 rows removed\n"
    assert not Location.objects.using(ALIAS).filter(slug="shop").exists()


def test_up_down_up_gives_the_same_rows(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    shop.up()
    columns = ("id", "parent_id", "path", "slug", "name", "position")
    before = list(get_categories().order_by("path").values(*columns))
    shop.down()

    shop.up()

    assert list(get_categories().order_by("path").values(*columns)) == before


def test_demo_seeds_down_and_up_give_the_same_rows_to_the_last_column(seeded: str, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]  # those that the rows were made with
    models = [model for app in DEMO_APPS for model in apps.get_app_config(app).get_models()]
    models.append(User.groups.through)
    models.remove(Session)  # no seed has any
    models.remove(RunCount)  # triggers make them, in rows of each transaction's own
    before = {model: list(model.objects.using(seeded).order_by("pk").values()) for model in models}
    try:
        down = run_seed("down", "--kind", "demo")
        left = {model: model.objects.using(seeded).count() for model in models}
    finally:
        run_seed("up", "--kind", "demo")
    after = {model: list(model.objects.using(seeded).order_by("pk").values()) for model in models}

    assert [line.partition(":")[0].strip() for line in down.splitlines()] == [
        "runs.0001_runs",
        "tenancy.20261129160000_tenant_emails",
        "tenancy.0001_tenants",
        "profile.0001_profiles",
        "items.0001_items",
        "auth_app.0002_proofs",
        "auth_app.0001_users",
    ]
    assert set(left.values()) == {0}
    assert after == before


# --- What stands in the way --------------------------------------------------------------------------------------
def test_down_under_a_row_that_a_person_made_is_refused_with_a_list(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    shop.up()
    for name in "defg":
        make_category(f"shop/{name}", get_categories().get(path="shop"))

    listed, message = fail("shop")

    assert listed == (
        "  master.categories: 4 rows made by others, by parent_id → master.categories: By hand, By hand, By hand, …\n"
    )
    assert message == (
        "seed shop.0001_shelves not taken down, and nothing changed: rows of master.categories depend on it"
    )
    assert len(shop.list_categories()) == 6
    assert [entry[:2] for entry in list_history("0001_shelves")] == [("up", "ok")]


def test_down_under_a_row_in_another_schema_is_refused_with_a_list(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop")
    shop.up()
    seller = User.objects.using(ALIAS).get(email="user@freehold.example")
    item = Item.objects.using(ALIAS).create(user=seller, category=get_categories().get(), name="A lamp", price=1)

    try:
        listed, message = fail("shop")
    finally:
        item.delete()

    assert listed == "  app.items: 1 row made by others, by category_id → master.categories: A lamp\n"
    assert message == "seed shop.0001_shelves not taken down, and nothing changed: rows of app.items depend on it"
    assert len(shop.list_categories()) == 1


def test_down_under_a_row_that_would_be_deleted_along_is_refused(seeded: str) -> None:
    before = Tenant.objects.using(seeded).count()

    listed, message = fail("tenancy.0001_tenants")

    assert listed == "  app.runs: 63 rows of seed runs.0001_runs, by project_id → app.projects; take it down first\n"
    assert message == "seed tenancy.0001_tenants not taken down, and nothing changed: rows of app.runs depend on it"
    assert Tenant.objects.using(seeded).count() == before == 3


def test_down_of_two_seeds_of_which_one_is_in_use_takes_down_neither(shop: Shop) -> None:
    shop.write_categories("0001_walls", "shop-wall")
    shop.write_categories("0002_floor", "shop")
    shop.write_categories("0003_rug", "shop/rug", depends=("shop.0002_floor",))
    shop.up()

    listed, message = fail("shop.0001_walls", "shop.0002_floor")

    assert listed == (
        "  master.categories: 1 row of seed shop.0003_rug, by parent_id → master.categories; take it down first\n"
    )
    assert message == (
        "seeds shop.0001_walls, shop.0002_floor not taken down, and nothing changed: rows of master.categories "
        "depend on them"
    )
    assert len(shop.list_categories()) == 3


def test_down_of_both_takes_the_later_one_first(shop: Shop) -> None:
    shop.write_categories("0001_floor", "shop")
    shop.write_categories("0002_rug", "shop/rug", depends=("shop.0001_floor",))
    shop.up()

    printed = shop.down()

    assert printed == "  shop.0002_rug: 1 row removed\n  shop.0001_floor: 1 row removed\n"


@pytest.mark.postgresql
def test_down_sees_rows_of_a_table_that_is_not_django_s(shop: Shop, root: psycopg.Connection) -> None:
    shop.write_categories("0001_shelves", "shop")
    shop.up()
    root.execute("CREATE TABLE app.stray (category uuid REFERENCES master.categories (id) ON DELETE CASCADE)")
    try:
        root.execute("ALTER TABLE app.stray OWNER TO app_owner")
        root.execute("INSERT INTO app.stray SELECT id FROM master.categories WHERE path = 'shop'")
        listed, _ = fail("shop")
    finally:
        root.execute("DROP TABLE app.stray")

    assert listed == "  app.stray: 1 row made by others, by category → master.categories\n"
    assert len(shop.list_categories()) == 1


@pytest.mark.postgresql
def test_down_under_a_table_that_it_may_not_read_names_the_table(shop: Shop, root: psycopg.Connection) -> None:
    shop.write_categories("0001_shelves", "shop")
    shop.up()
    root.execute("CREATE TABLE public.stray (category uuid REFERENCES master.categories (id) ON DELETE CASCADE)")
    try:
        _, message = fail("shop")
    finally:
        root.execute("DROP TABLE public.stray")

    assert message == (
        "nothing was taken down: public.stray.category points at master.categories, and whether its rows need the "
        "seed's can't be seen as postgres, who owns public.stray: permission denied to set role \"postgres\". Hand the "
        "table to an owner of the ownership map, or drop its foreign key"
    )
    assert len(shop.list_categories()) == 1


@pytest.mark.postgresql
def test_down_while_somebody_adds_a_row_below_waits_and_then_refuses(shop: Shop, root: psycopg.Connection) -> None:
    shop.write_categories("0001_shelves", "shop")
    shop.up()
    with ThreadPoolExecutor(1) as threads, closing(connect_again(root)) as person:
        person.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the check, which locks the row above, waits for COMMIT
        person.execute(ADD_BELOW)
        refused = threads.submit(fail_in_thread, "shop")
        wait_until_blocked(root, refused)
        person.commit()
        listed, message = refused.result()

    assert listed == "  master.categories: 1 row made by others, by parent_id → master.categories: New\n"
    assert message == (
        "seed shop.0001_shelves not taken down, and nothing changed: rows of master.categories depend on it"
    )
    assert [path for path, _ in shop.list_categories()] == ["shop", "shop/new"]
    assert [entry[:2] for entry in list_history("0001_shelves")] == [("up", "ok"), ("down", "failed")]


@pytest.mark.postgresql
def test_down_gives_up_on_a_row_that_stays_locked(
    shop: Shop, root: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LOCK_TIMEOUT", "50ms")
    shop.write_categories("0001_shelves", "shop")
    shop.up()
    with root.transaction(force_rollback=True):
        root.execute("UPDATE master.categories SET name = 'Being edited' WHERE path = 'shop'")
        listed, message = fail("shop")

    assert listed == ""
    assert message == (
        "seed shop.0001_shelves was not taken down, and nothing changed: canceling statement due to lock timeout"
    )
    assert [entry[:2] for entry in list_history("0001_shelves")] == [("up", "ok"), ("down", "failed")]


def connect_again(session: psycopg.Connection) -> psycopg.Connection:
    """Give another session like this one, in a transaction."""
    return psycopg.connect(session.info.dsn, password=session.info.password)


def fail_in_thread(*names: str) -> tuple[str, str]:
    try:
        return fail(*names)
    finally:
        connections[ALIAS].close()


def wait_until_blocked(root: psycopg.Connection, work: Future[tuple[str, str]]) -> None:
    """Return once a session of the database waits for a lock, or the work has ended without."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while not work.done() and not root.execute(waiting).fetchone():
        pass
