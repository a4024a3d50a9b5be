"""What a counter that hangs or refuses does to others: nobody waits long for it, and what is one's own stops nobody."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import RLock
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, Error, OperationalError, connections

from freehold import acting_as
from freehold.limits import Limit, forget, postgresql, sqlite3 as sqlite, take, turns
from freehold.limits.counting import choose_engine, resume

pytestmark = pytest.mark.usefixtures("as_api")
THREE = Limit(3, 3600)


def count_lines(caplog: pytest.LogCaptureFixture) -> int:
    return len([each for each in caplog.records if each.message.startswith("Not counted: ")])


@contextmanager
def holding(lock: Any) -> Iterator[None]:
    """Another thread has the turn inside the block, as one whose server is silent."""
    has, done = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            has.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    has.wait()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_turn_that_does_not_come_is_not_waited_for(
    whose: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT", 0.05)
    with holding(choose_engine().lock):
        assert [take("test", whose, THREE).is_counted for _ in range(3)] == [False] * 3

    assert count_lines(caplog) == 1
    resume()
    assert take("test", whose, THREE).remaining == 2


class Gate:
    """A lock that is tried once all have come."""

    def __init__(self, count: int) -> None:
        self.barrier, self.lock = threading.Barrier(count), RLock()

    def acquire(self, timeout: float = -1) -> bool:
        self.barrier.wait()
        return self.lock.acquire(timeout=timeout)

    def release(self) -> None:
        self.lock.release()

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(self, *args: object) -> None:
        self.lock.release()


def test_who_waited_for_a_turn_does_not_try_again_what_the_one_before_could_not(
    whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, tried = choose_engine(), []

    def open_none() -> Any:
        tried.append(1)
        raise OSError("away")

    monkeypatch.setattr(engine, "open", open_none)
    monkeypatch.setattr(engine, "lock", Gate(8))
    monkeypatch.setattr(turns, "WAIT", 60)
    engine.close()

    def run(_: int) -> bool:
        with acting_as("api"):
            return take("test", whose, THREE).is_counted

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, range(8))) == [False] * 8
    assert len(tried) == 1


def test_process_that_is_forked_while_another_thread_counts_has_turns_of_its_own(whose: str) -> None:
    take("test", whose, THREE)
    with holding(choose_engine().lock):
        pid = os.fork()
        if not pid:
            # No test goes on in the child, whatever happens there.
            try:
                is_counted = take("test", whose, THREE).is_counted
            finally:
                os._exit(0 if is_counted else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0

    assert take("test", whose, THREE).remaining == 0


@pytest.mark.postgresql
def test_server_that_gives_no_answer_is_left_and_asked_by_another_connection(
    whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take("test", whose, THREE, is_strict=True)
    with monkeypatch.context() as patch:
        patch.setattr(postgresql, "SECONDS", 0.05)
        for found in (None, postgresql.find_acting()):
            with pytest.raises(OperationalError, match=r"^the server gave no answer in 0.05 seconds"):
                postgresql.LINE.ask("SELECT pg_catalog.pg_sleep(5)", [], found)
            assert postgresql.LINE.wrapper is None
            resume()

    assert take("test", whose, THREE, is_strict=True).remaining == 1


@pytest.mark.postgresql
def test_connection_is_lost_where_the_network_is_silent_unless_the_entry_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    default = connections[DEFAULT_DB_ALIAS]
    monkeypatch.setitem(default.settings_dict, "OPTIONS", {"keepalives_idle": 60})

    options = postgresql.make_wrapper(default).settings_dict["OPTIONS"]

    assert options == {
        "connect_timeout": 2, "tcp_user_timeout": 2000, "keepalives_idle": 60, "keepalives_interval": 1,
        "keepalives_count": 3,
    }  # fmt: skip


@pytest.mark.postgresql
def test_what_the_server_refuses_one_is_counted_for_others(
    whose: str, caplog: pytest.LogCaptureFixture, connect_as: Callable[[str], Any]
) -> None:
    with pytest.raises(Error, match="a limit has a name"):
        postgresql.LINE.ask("SELECT limits.take('test', '\\x00', 60, 1, 3)", [], postgresql.find_acting())
    assert take("test", whose, THREE).is_counted

    root = connect_as("postgres")
    root.execute("REVOKE EXECUTE ON FUNCTION limits.forget(text, bytea) FROM api_rw")
    try:
        for _ in range(3):
            forget("test", whose)
            assert take("test", f"{whose}2", THREE).is_counted
    finally:
        root.execute("GRANT EXECUTE ON FUNCTION limits.forget(text, bytea) TO api_rw")
    assert count_lines(caplog) == 1


@pytest.mark.postgresql
def test_row_that_is_held_is_waited_for_for_less_than_others_wait_for_their_turn(
    connect_as: Callable[[str], Any],
) -> None:
    found = connect_as("postgres").execute(
        "SELECT proname, proconfig[2] FROM pg_proc WHERE pronamespace = 'limits'::regnamespace ORDER BY proname"
    )

    assert found.fetchall() == [("forget", "lock_timeout=50ms"), ("take", "lock_timeout=50ms")]


@pytest.mark.sqlite
def test_connection_of_a_parent_stays_as_it_is(whose: str) -> None:
    take("test", whose, THREE)
    file = sqlite.File()
    file.take("test", b"1", THREE, 1)
    raw = file.raw
    file.renew()

    assert (file.raw, file.parents) == (None, raw)
    assert file.take("test", b"1", THREE, 1).remaining == 1
    file.close()
    assert raw
    raw.close()
