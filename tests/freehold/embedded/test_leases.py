"""Who wants the server to stay up, and who ends it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psycopg
import pytest

from freehold import embedded
from tests.freehold.embedded.processes import Child, read_pid, wait_for

pytestmark = pytest.mark.postgresql


def hold_lease(path: str, mark: str) -> None:
    """Use the server until killed."""
    with embedded.lease(path):
        embedded.get_address(path)
        Path(mark).touch()
        time.sleep(60)


def test_stop_if_unused_nobody_uses_it_stops_server(path: str) -> None:
    embedded.start(path)

    assert embedded.stop_if_unused(path) is True
    assert embedded.status(path).running is False


def test_stop_if_unused_not_running_says_so(path: str, fresh: str) -> None:
    assert embedded.stop_if_unused(path) is False
    assert embedded.stop_if_unused(fresh) is False
    assert not Path(fresh).exists()


def test_stop_if_unused_another_process_uses_it_leaves_server(path: str, base: Path) -> None:
    other = Child(hold_lease, path, str(base / "mark"))
    wait_for((base / "mark").exists)
    pid = read_pid(path)

    assert embedded.stop_if_unused(path) is False
    assert embedded.status(path).pid == pid

    other.kill()
    assert embedded.stop_if_unused(path) is True


def test_stop_if_unused_someone_is_connected_leaves_server(path: str) -> None:
    embedded.start(path)

    with psycopg.connect(embedded.get_url(path)):
        assert embedded.stop_if_unused(path) is False
    assert embedded.stop_if_unused(path) is True


def test_stop_if_unused_two_of_this_process_leave_server_to_the_last(path: str) -> None:
    with embedded.lease(path):
        with embedded.lease(path):
            embedded.start(path)
        assert embedded.stop_if_unused(path) is False
    assert embedded.stop_if_unused(path) is True


def test_stop_ends_server_whoever_uses_it(path: str, base: Path) -> None:
    other = Child(hold_lease, path, str(base / "mark"))
    wait_for((base / "mark").exists)

    assert embedded.stop(path) is True
    other.kill()


def test_lease_fresh_path_starts_nothing(fresh: str) -> None:
    with embedded.lease(fresh):
        assert os.listdir(fresh) == ["lease"]
        assert embedded.status(fresh).running is False
