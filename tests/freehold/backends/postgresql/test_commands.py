"""`createcachetable` for a table in a schema."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from pytest_django import Settings

from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.catalogue import list_names, read_catalogue

pytestmark = pytest.mark.postgresql


def create(*tables: str, **options: Any) -> str:
    out = StringIO()
    call_command("createcachetable", *tables, database="scratch", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def cache_in_alpha(settings: Settings) -> None:
    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "alpha.cache"}}
    settings.DATABASE_ROUTERS = ["tests.freehold.backends.postgresql.test_commands.ToScratch"]


class ToScratch:
    """Sends the cache to the scratch database."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "scratch"

    db_for_write = db_for_read


def test_cache_table_and_its_index_lie_in_the_schema(scratch: Any) -> None:
    with scratch.cursor() as cursor:
        cursor.execute("CREATE TABLE beta.cache (decoy integer)")

    create()

    with scratch.cursor() as cursor:
        found = read_catalogue(cursor, "alpha")
    assert list_names(found, "tables") == ["cache"]
    assert list_names(found, "indexes") == ["cache_expires", "cache_pkey"]
    assert create(verbosity=1) == "Cache table 'alpha.cache' already exists.\n"


def test_cache_table_named_on_the_command_line_gets_its_index_and_names_are_split_again(scratch: Any) -> None:
    create("alpha.other")

    with scratch.cursor() as cursor:
        assert list_names(read_catalogue(cursor, "alpha"), "indexes") == ["other_expires", "other_pkey"]
    assert scratch.ops.quote_name("alpha.other_expires") == '"alpha"."other_expires"'


def test_dry_run_prints_the_index_bare(scratch: Any) -> None:
    assert create(dry_run=True).splitlines()[-1] == 'CREATE INDEX "cache_expires" ON "alpha"."cache" ("expires");'
    assert Lab(scratch).connection.introspection.table_names() == []


def test_cache_keeps_counts_and_culls_in_its_schema(scratch: Any, settings: Settings) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"OPTIONS": {"MAX_ENTRIES": 3}}}
    create()
    cache = caches["default"]

    for number in range(5):
        cache.set(f"key{number}", number)

    assert cache.get("key4") == 4
    assert cache.touch("key4")
    with scratch.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alpha.cache")
        assert cursor.fetchone()[0] <= 4
