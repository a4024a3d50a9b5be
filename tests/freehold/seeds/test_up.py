"""What `seed up` does with rows that are there, and with those that are not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
from django.db import connections

from freehold.errors import SeedError
from master.models import Category
from tests.dialect import DIALECT
from tests.freehold.estates import get_server
from tests.freehold.seeds.shops import OWNERSHIP, Shop, get_categories, list_history
from tests.seeded import ALIAS

OWNER = ("master_owner", "migrator") if DIALECT == "postgresql" else ("", None)

FROM_FILE = """
from freehold.seeds import Rows, Seed

def read():
    with open({path!r}) as file:
        return [(line, line, line) for line in file]

SEED = Seed(kind="demo", rows=(Rows("master.Category", key=("path",), fields=("path", "slug", "name"), read=read),))
"""


def fail(shop: Shop, *names: str) -> str:
    with pytest.raises(SeedError) as caught:
        shop.up(*names)
    return str(caught.value)


# --- Rows --------------------------------------------------------------------------------------------------------
def test_up_adds_rows_with_their_parents(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a", "shop/a/b")

    printed = shop.up()

    assert printed.startswith("  shop.0001_shelves: 3 rows added, 0.")
    assert shop.list_categories() == [
        ("shop", "Shelf shop"),
        ("shop/a", "Shelf shop/a"),
        ("shop/a/b", "Shelf shop/a/b"),
    ]
    assert get_categories().get(path="shop/a/b").parent.path == "shop/a"


def test_up_twice_changes_nothing(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    shop.up()
    before = list(get_categories().order_by("path").values())

    printed = shop.up()

    assert printed == "  shop.0001_shelves: nothing to add\nNothing to do: every row is there.\n"
    assert list(get_categories().order_by("path").values()) == before
    assert len(list_history("0001_shelves")) == 1


def test_up_twice_reads_the_source_once(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "rows.txt").write_text("shop")
    shop.write("0001_shelves", FROM_FILE.format(path=str(tmp_path / "rows.txt")))
    shop.up()
    (tmp_path / "rows.txt").unlink()

    printed = shop.up()

    assert printed == "  shop.0001_shelves: nothing to add\nNothing to do: every row is there.\n"


def test_up_after_one_row_was_deleted_adds_that_one(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    shop.up()
    before = get_categories().get(path="shop/a").pk
    get_categories().filter(path="shop/a").delete()

    printed = shop.up()

    assert printed.startswith("  shop.0001_shelves: 1 row added, 0.")
    assert get_categories().get(path="shop/a").pk == before


def test_up_leaves_a_row_that_a_person_edited(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop")
    shop.up()
    get_categories().update(name="Edited")

    printed = shop.up()

    assert printed == "  shop.0001_shelves: nothing to add\nNothing to do: every row is there.\n"
    assert shop.list_categories() == [("shop", "Edited")]


def test_up_leaves_a_row_that_a_person_made_with_the_same_key_and_refers_to_it(shop: Shop) -> None:
    made = Category.objects.using(ALIAS).create(path="shop", slug="shop", name="Made by hand")
    shop.write_categories("0001_shelves", "shop", "shop/a")

    printed = shop.up()

    assert printed.startswith("  shop.0001_shelves: 1 row added, 1 row left as others made them, 0.")
    assert shop.list_categories() == [("shop", "Made by hand"), ("shop/a", "Shelf shop/a")]
    assert get_categories().get(path="shop/a").parent_id == made.pk


def test_up_with_a_changed_source_adds_what_is_new_and_says_so(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop")
    shop.up()
    shop.write_categories("0001_shelves", "shop", "shop/new")

    printed = shop.up()

    assert printed.startswith("  shop.0001_shelves: its source has changed since, 1 row added, 0.")
    assert [path for path, _ in shop.list_categories()] == ["shop", "shop/new"]


def test_up_writes_history_as_the_owner_of_the_schema(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop")

    shop.up()

    ((direction, outcome, owner, login),) = list_history("0001_shelves")
    assert (direction, outcome, owner) == ("up", "ok", OWNER[0])
    assert OWNER[1] in (login, None)


@pytest.mark.postgresql
def test_up_inserts_as_the_owner_of_the_schema(shop: Shop, seeded_database: str) -> None:
    shop.write_categories("0001_shelves", "shop")
    with psycopg.connect(**{**get_server(), "dbname": seeded_database}, autocommit=True) as root:
        root.execute("CREATE TABLE public.seen (login text, role text); GRANT INSERT ON public.seen TO PUBLIC")
        root.execute(
            "CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN INSERT INTO public.seen VALUES (session_user, current_user); RETURN NULL; END'"
        )
        root.execute("CREATE TRIGGER see AFTER INSERT ON master.categories EXECUTE FUNCTION public.see()")
        try:
            shop.up()
            seen = root.execute("SELECT login, role FROM public.seen").fetchall()
        finally:
            root.execute("DROP FUNCTION public.see() CASCADE; DROP TABLE public.seen")

    assert seen == [("migrator", "master_owner")]


@pytest.mark.postgresql
def test_up_loads_by_binary_copy(shop: Shop, seeded_database: str) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a")
    with psycopg.connect(**{**get_server(), "dbname": seeded_database}, autocommit=True) as root:
        root.execute("CREATE TABLE public.seen (query text); GRANT INSERT ON public.seen TO PUBLIC")
        root.execute(
            "CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN INSERT INTO public.seen VALUES (current_query()); RETURN NULL; END'"
        )
        root.execute("CREATE TRIGGER see AFTER INSERT ON master.categories EXECUTE FUNCTION public.see()")
        try:
            shop.up()
            seen = root.execute("SELECT query FROM public.seen").fetchall()
        finally:
            root.execute("DROP FUNCTION public.see() CASCADE; DROP TABLE public.seen")

    columns = '"id", "path", "slug", "name", "parent_id"'
    assert seen == [(f'COPY "master"."categories" ({columns}) FROM STDIN (FORMAT BINARY)',)]


# --- Dependencies ------------------------------------------------------------------------------------------------
def test_up_of_one_puts_up_what_it_depends_on_first(shop: Shop) -> None:
    shop.write_categories("0001_walls", "shop/b", depends=("shop.0002_floor",))
    shop.write_categories("0002_floor", "shop")

    printed = shop.up("shop.0001_walls")

    assert [line.split(",")[0] for line in printed.splitlines()] == [
        "  shop.0002_floor: 1 row added",
        "  shop.0001_walls: 1 row added",
    ]


def test_up_finds_a_row_of_another_seed_that_a_person_renamed(shop: Shop) -> None:
    shop.write_categories("0001_floor", "shop")
    shop.up()
    get_categories().update(path="shopping", slug="shopping")
    shop.write_categories("0002_walls", "shop/b", depends=("shop.0001_floor",))

    shop.up("shop.0002_walls")

    assert get_categories().get(path="shop/b").parent.path == "shopping"


def test_up_where_a_reference_is_missing_names_it_and_adds_nothing(shop: Shop) -> None:
    shop.write_categories("0001_walls", "shop-a", "shop/b")

    message = fail(shop)

    assert message == (
        "seed shop.0001_walls: master.Category.parent refers to shop, not there in master.categories: name the seed "
        "that makes it in `depends`, run `manage.py migrate` if a migration does, or make it yourself"
    )
    assert shop.list_categories() == []
    assert [entry[:2] for entry in list_history("0001_walls")] == [("up", "failed")]


# --- Faults ------------------------------------------------------------------------------------------------------
def test_up_where_the_database_refuses_a_row_adds_none_and_hides_its_values(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop-good", "shop-BAD")

    message = fail(shop)

    refused = {
        "postgresql": 'new row for relation "categories" violates check constraint "categories_slug_check"',
        "sqlite": "CHECK constraint failed: categories_slug_check",
    }
    assert message == f"seed shop.0001_shelves was not applied, and nothing changed: {refused[DIALECT]}"
    assert shop.list_categories() == []


def test_up_where_the_second_seed_fails_keeps_the_first(shop: Shop) -> None:
    shop.write_categories("0001_good", "shop-good")
    shop.write_categories("0002_bad", "shop-fine", "shop-BAD")

    fail(shop)

    assert [path for path, _ in shop.list_categories()] == ["shop-good"]


KILLED = """
import os, signal, sys
from django.conf import settings
import django
django.setup()
from freehold.seeds import writing
from freehold.progress import Progress
from freehold.management.commands import seed
writing._STEP = 1

class Killer(Progress):
    def advance(self, count):
        os.kill(os.getpid(), signal.SIGKILL)

from contextlib import nullcontext
seed.Command.progress = lambda self, **kwargs: nullcontext(Killer())
from django.core.management import call_command
call_command("seed", "up", "shop")
"""


def test_up_killed_in_the_middle_leaves_nothing_and_can_be_repeated(shop: Shop, seeded_database: str) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a", "shop/b")
    (shop.seeds.parent / "settings.py").write_text(
        "from config.settings import *\n"
        f"INSTALLED_APPS = [*INSTALLED_APPS, '{shop.package}.apps.Shop']\nDATABASES['default']['NAME'] = "
        f"{seeded_database!r}\nOWNERSHIP = {OWNERSHIP!r}\n"
    )
    paths = os.pathsep.join([str(shop.seeds.parents[1]), str(Path(__file__).parents[3])])
    environment = {**os.environ, "PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": f"{shop.package}.settings"}

    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, text=True)

    assert (killed.stderr, killed.returncode) == ("", -signal.SIGKILL)
    assert shop.list_categories() == []
    assert list_history("0001_shelves") == []
    assert shop.up().startswith("  shop.0001_shelves: 3 rows added, 0.")


def test_up_two_at_once_adds_each_row_once(shop: Shop) -> None:
    shop.write_categories("0001_shelves", "shop", "shop/a", "shop/b")
    start = Barrier(2)

    def put_up() -> str:
        start.wait()
        try:
            return shop.up()
        finally:
            connections[ALIAS].close()

    with ThreadPoolExecutor(2) as threads:
        printed = sorted(each.result() for each in [threads.submit(put_up), threads.submit(put_up)])

    assert sum("3 rows added" in each for each in printed) == 1
    assert sum(each.endswith("Nothing to do: every row is there.\n") for each in printed) == 1
    assert len(shop.list_categories()) == 3
    assert [entry[:2] for entry in list_history("0001_shelves")] == [("up", "ok")]
