"""`dbshell` with the real psql."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from freehold.acting.logins import SUPERUSER
from freehold.backends.postgresql.client import DatabaseClient

pytestmark = pytest.mark.postgresql


def test_server_of_ones_own_gets_djangos_arguments() -> None:
    settings = {"HOST": "db", "PORT": "5433", "NAME": "shop", "USER": "web_rw", "OPTIONS": {"schemas": ["auth"]}}

    args, environment = DatabaseClient.settings_to_cmd_args_env(settings, ["-At"])

    assert args == ["psql", "-U", "web_rw", "-h", "db", "-p", "5433", "-At", "shop"]
    assert environment is None


def test_psql_reaches_the_embedded_server(
    capfd: pytest.CaptureFixture[str], django_db_blocker: DjangoDbBlocker
) -> None:
    entry: dict[str, Any] = connections.settings["default"]
    if "embedded" not in entry["OPTIONS"]:
        pytest.skip("DATABASE_URL names a server of its own")
    own = type(connections["default"])({**entry, "NAME": "postgres", "USER": SUPERUSER}, "shell")

    own.client.runshell(["-At", "-c", "SELECT current_user, current_database()"])

    assert capfd.readouterr().out == "postgres|postgres\n"
