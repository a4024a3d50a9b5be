"""What a process says of the pooler that it starts behind, on real ones."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from freehold.passfile import find_password
from freehold.services import startup
from freehold.services.poolers import SAYS
from tests.freehold.backends.conftest import open_alias
from tests.freehold.backends.postgresql.poolers import PROGRAM, running_pgbouncer
from tests.freehold.backends.postgresql.test_poolers import get_direct_entry

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]


def look(entry: dict[str, object]) -> None:
    with open_alias("behind", entry) as found:
        startup.HELD.add("behind")  # what its login holds is not the matter here
        try:
            startup.look_once(found)
        finally:
            startup.HELD.discard("behind")


@pytest.mark.skipif(not PROGRAM, reason="pgbouncer is not installed: apt-get install pgbouncer")
@pytest.mark.parametrize(
    ("mode", "resets", "size", "is_told"),
    [("transaction", False, 1, True), ("transaction", False, 4, True), ("transaction", True, 1, False),
     ("session", False, 4, False)],
)  # fmt: skip
def test_pooler_that_hands_on_what_sessions_leave_is_told(
    mode: str,
    resets: bool,
    size: int,
    is_told: bool,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    entry, params = get_direct_entry("all_rw")
    password = str(find_password(Path(params["passfile"]), user="all_rw", host=params["host"]))
    passwords = {"all_rw": password}
    pooler = running_pgbouncer(tmp_path, params, passwords, size, resets=resets, mode=mode)
    with pooler as port, django_db_blocker.unblock():
        look({**deepcopy(entry), "HOST": "127.0.0.1", "PORT": str(port)})

    said = [each.getMessage() for each in caplog.records if each.name == startup.__name__]
    assert said == ([SAYS % "behind"] if is_told else [])


def test_server_without_a_pooler_is_no_line(caplog: pytest.LogCaptureFixture) -> None:
    startup.look_once(connections[connection.alias])

    assert [each for each in caplog.records if each.name == startup.__name__] == []
