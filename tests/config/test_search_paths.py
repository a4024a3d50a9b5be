"""Each login has the search_path of the map, and SERVICE=all that of its own login: no statement of the project is told
apart by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from config.ownership import OWNERSHIP
from freehold.ownership.login_compilation import iter_settings
from tests.config.processes import Visitor, make_url, serving
from tests.freehold.estates import get_server
from tests.seeded import execute_as_superuser

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("processes")]
LURES = """
    SELECT format('CREATE TABLE public.%I (LIKE %I.%I)', min(c.relname), min(n.nspname), min(c.relname))
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('auth', 'master', 'app') GROUP BY c.relname
"""


@pytest.fixture(scope="module")
def database(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the filled database with the map's search_paths; each table has an empty one of its name in `public`,
    which no service may read."""
    name = f"{seeded_database}_paths"
    with django_db_blocker.unblock():
        connections["seeded"].close()
        execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {seeded_database}")
        with psycopg.connect(**{**get_server(), "dbname": name}, autocommit=True) as root:
            for (statement,) in root.execute(LURES).fetchall():
                root.execute(statement)
        for each in iter_settings(OWNERSHIP):  # a copy has none
            if each.name == "search_path":
                execute_as_superuser(f"ALTER ROLE {each.role} IN DATABASE {name} SET search_path = {each.value}")
    yield name
    with django_db_blocker.unblock():
        execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize(
    ("service", "path", "pages"),
    [
        ("web", "public, auth", ["/login/"]),
        ("api", "app, public", ["/items/", "/items/?q=a", "/items/places/"]),
        ("admin", "public", ["/admin/items/item/", "/admin/auth_app/user/", "/admin/master/location/"]),
    ],
)
def test_pages_are_the_same_whoever_the_search_path_is_of(
    database: str, tmp_path: Path, service: str, path: str, pages: list[str]
) -> None:
    found = {}
    for name in (service, "all"):
        with serving(tmp_path, name, make_url(database)) as site:
            visitor = Visitor()
            if service == "admin":
                visitor.sign_in(site, "admin@freehold.example", "/admin/login/?next=/admin/")
            statuses = {page: visitor.open(site.url + page).status for page in pages}
            found[name] = visitor.probe(site, f"/probe/{service}/")["search_path"], statuses

    assert found == {service: (path, dict.fromkeys(pages, 200)), "all": ("public", dict.fromkeys(pages, 200))}
