"""One walk through a site in production: its own log in JSON, and the server's with every statement. No secret is in
either, and each request's statements are found by its id, as docs/operations.md has it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.config.processes import PRODUCTION, Visitor, make_url, serving
from tests.leaks import WATCH
from tests.seeded import execute_as_superuser

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("processes")]
KEY = "fh_" + "k" * 43
WALK = ("/", "/items/?q=a", "/api/v1/me", "/api/v1/items", "/admin/", "/password-reset/MQ/c0ffee-0123456789abcdef0123/")


@pytest.fixture
def database(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the filled database, of which the server logs every statement."""
    name = f"{seeded_database}_logged"
    with django_db_blocker.unblock():
        connections["seeded"].close()
        execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {seeded_database}")
        execute_as_superuser(f"ALTER DATABASE {name} SET log_statement = 'all'")
    yield name
    with django_db_blocker.unblock():
        execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


def read_server_log() -> str:
    path = Path(connections.settings["default"]["OPTIONS"]["embedded"], "server.log")
    return path.read_text(errors="replace")


def walk(url: str, visitor: Visitor, site: Any) -> None:
    visitor.sign_in(site, "admin@freehold.example")
    for page in WALK:
        visitor.open(url + page)
    for request_id, headers in (("of-a-key", {"Authorization": f"Bearer {KEY}"}), ("of-nobody", {})):
        WATCH.add_keys(KEY)
        with suppress(HTTPError):  # the key is nobody's
            urlopen(Request(f"{url}/api/v1/items", headers={**headers, "X-Request-ID": request_id})).close()
    visitor.open(f"{url}/login/", username="admin@freehold.example", password="a-wrong-password")


def test_walk_leaves_its_ids_and_no_secret_in_either_log(database: str, tmp_path: Path) -> None:
    before = len(read_server_log())
    with serving(tmp_path, "all", make_url(database), **PRODUCTION, HTTPS="0") as site:
        walk(site.url, Visitor(), site)
    said = read_server_log()[before:]
    server = [line for line in said.splitlines() if f"@{database} " in line]

    lines = [json.loads(line) for line in site.said.splitlines() if line.startswith("{")]  # not what Python warns of
    requests = [each for each in lines if each["logger"] == "freehold.access"]
    assert len(requests) > len(WALK)
    assert {"/", "/api/v1/items", "/password-reset/<uidb64>/<token>/", "/login/"} <= {
        each["route"] for each in requests
    }
    for each in requests:
        found = [line for line in server if f" [{each['request_id']}] " in line]
        assert bool(found) == (each["statements"] > 0), each
    asked = next(each for each in requests if each["request_id"] == "of-nobody")
    statements = [line for line in server if " [of-nobody] " in line and "execute" in line]
    assert (asked["service"], asked["statements"], len(statements)) == ("api", 1, 1)
    assert len(WATCH.secrets) > 10
    assert {each for each in WATCH.secrets if each in said} == set()
    assert re.search(r"set_config\('freehold\.proof', \$\d", said)
