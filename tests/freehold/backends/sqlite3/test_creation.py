"""Copies of an in-memory test database for the processes of a parallel test runner that are started anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from freehold.acting import acting
from tests.freehold.backends.conftest import open_alias

pytestmark = pytest.mark.sqlite


def test_copy_is_made_and_taken_over_whichever_service_the_process_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("multiprocessing.get_start_method", lambda: "spawn")
    options = {"schemas": ["alpha"]}
    entry = connections.settings["default"] | {"NAME": ":memory:", "OPTIONS": options}
    with django_db_blocker.unblock(), open_alias("copied", entry) as connection:
        with acting(None), connection.cursor() as cursor:
            cursor.execute('CREATE TABLE "alpha.item" (id integer)')

        connection.creation.clone_test_db("1", verbosity=0)
        connection.close()
        connection.creation.setup_worker_connection("1")

        with acting(None):
            assert connection.introspection.table_names() == ["alpha.item"]
        assert connection.creation.is_test_database
