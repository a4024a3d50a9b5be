"""What is counted: in windows, by service, beside every transaction, and by all who count at once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from freehold import acting_as
from freehold.backends.creation import leaving_database
from freehold.limits import Limit, LimitsError, Taken, forget, postgresql, sqlite3 as sqlite, take, turns
from freehold.limits.counting import make_digest

pytestmark = pytest.mark.usefixtures("as_api")
THREE = Limit(3, 3600)
OLD = Limit(3, 1)


def test_limit_allows_so_many_and_then_says_how_long_to_wait(whose: str) -> None:
    found = [take("test", whose, THREE) for _ in range(5)]

    assert [(each.is_allowed, each.remaining) for each in found] == [
        (True, 2), (True, 1), (True, 0), (False, 0), (False, 0)
    ]  # fmt: skip
    assert all(3500 < each.seconds <= 3600 and each.is_counted for each in found)


def test_amount_that_is_more_than_is_left_is_not_counted(whose: str) -> None:
    assert take("test", whose, THREE, amount=2).is_allowed
    assert not take("test", whose, THREE, amount=2).is_allowed
    assert take("test", whose, THREE).remaining == 0


def test_names_and_people_are_counted_apart(whose: str) -> None:
    for name, who in (("test", whose), ("test", f"{whose}2"), ("other", whose)):
        assert take(name, who, THREE).remaining == 2


def test_forget_lets_somebody_begin_anew(whose: str) -> None:
    take("test", whose, THREE, amount=3)
    forget("test", whose)
    forget("test", f"{whose} unknown")

    assert take("test", whose, THREE).remaining == 2


def test_shorter_window_of_other_settings_begins_anew(whose: str) -> None:
    take("test", whose, THREE, amount=3)

    assert take("test", whose, Limit(3, 60)).is_allowed


def test_count_of_a_transaction_that_is_rolled_back_stays(whose: str) -> None:
    with transaction.atomic():
        take("test", whose, THREE, amount=3)
        transaction.set_rollback(True)

    assert not take("test", whose, THREE).is_allowed


def test_other_service_has_counters_of_its_own(whose: str) -> None:
    take("test", whose, THREE, amount=3)
    with acting_as("web"):
        assert take("test", whose, THREE).remaining == 2
        forget("test", whose)

    assert not take("test", whose, THREE).is_allowed


def test_threads_at_once_get_what_is_allowed_and_no_more(whose: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAIT", 60)  # on a machine that is busy, too
    start = threading.Barrier(8)

    def run(_: int) -> int:
        start.wait()
        with acting_as("api"):
            return sum(take("test", whose, Limit(50, 3600)).is_allowed for _ in range(20))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(run, range(8))) == 50


@pytest.mark.parametrize("amount", [0, -1, 4])
def test_amount_that_can_never_be_had_is_an_error(whose: str, amount: int) -> None:
    with pytest.raises(ValueError) as caught:
        take("test", whose, THREE, amount=amount)

    assert str(caught.value) == "take('test') takes a name of 1 to 63 characters and an amount of 1 to 3"


@pytest.mark.parametrize("name", ["a\0", "a\udcff"])
def test_name_that_no_database_keeps_is_an_error(whose: str, name: str) -> None:
    for act in (lambda: take(name, whose, THREE), lambda: forget(name, whose)):
        with pytest.raises(ValueError, match=r"which no database keeps$"):
            act()


def test_any_text_is_somebody(whose: str) -> None:
    for who in (f"{whose}\udcff", f"{whose}\udcfe", f"{whose}\0", f"{whose}?", ""):
        assert take("test", who, Limit(1_000_000, 60)).is_counted
    assert len({make_digest(who) for who in ("\udcff", "\udcfe", "\0", "?", "")}) == 5


# --- A counter that can't be reached ---------------------------------------------------------------------------------
def test_counter_that_is_away_lets_pass_says_so_once_and_is_not_asked_again_at_once(
    whose: str, caplog: pytest.LogCaptureFixture, break_counter: Callable[[], None]
) -> None:
    break_counter()
    for _ in range(3):
        assert take("test", whose, THREE) == Taken(is_allowed=True, remaining=0, seconds=0, is_counted=False)
    forget("test", whose)

    assert len([each for each in caplog.records if each.message.startswith("Not counted: ")]) == 1


def test_counter_that_is_away_is_an_error_for_what_must_be_counted(
    whose: str, break_counter: Callable[[], None]
) -> None:
    break_counter()
    for _ in range(2):
        with pytest.raises(LimitsError) as caught:
            take("test", whose, THREE, is_strict=True)
        assert str(caught.value).startswith("the counter of limits can't be reached: ")


@pytest.fixture
def break_counter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], None]:
    """Gives what takes the counter away: the server of the entry has no such database; the file's directory is gone."""

    def run() -> None:
        postgresql.LINE.close()
        name = "no_such_database" if connection.vendor == "postgresql" else str(tmp_path / "gone" / "local.db")
        monkeypatch.setitem(connection.settings_dict, "NAME", name)

    return run


@pytest.mark.postgresql
def test_connection_that_was_lost_is_made_anew(whose: str, connect_as: Callable[[str], Any]) -> None:
    take("test", whose, THREE)
    assert postgresql.LINE.wrapper
    pid = postgresql.LINE.wrapper.connection.info.backend_pid
    connect_as("postgres").execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    assert take("test", whose, THREE, is_strict=True).remaining == 1


@pytest.mark.postgresql
def test_counter_that_somebody_holds_stops_nobody_else(
    whose: str, connect_as: Callable[[str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    holder = connect_as("api_rw")
    values = [make_digest(whose)]
    with holder.transaction():
        holder.execute("SELECT limits.take('test', %s, 3600, 1, 3)", values)
        assert not take("test", whose, THREE).is_counted
        assert take("test", f"{whose}2", THREE).is_counted

    assert [each.message for each in caplog.records] == ["Not counted: canceling statement due to lock timeout"]
    assert take("test", whose, THREE).remaining == 1


# --- What is kept ----------------------------------------------------------------------------------------------------
@pytest.mark.postgresql
def test_new_counters_take_ended_ones_away(whose: str, connect_as: Callable[[str], Any]) -> None:
    root = connect_as("postgres")
    for number in range(12):
        take("ended", f"{whose}{number}", THREE)
    root.execute("UPDATE limits.counter SET ends_at = now() - interval '1 day' WHERE name = 'ended'")
    for number in range(3):
        take("new", f"{whose}{number}", THREE)

    assert root.execute("SELECT count(*) FROM limits.counter WHERE ends_at < now()").fetchone() == (0,)


@pytest.mark.sqlite
def test_new_counters_in_a_file_take_ended_ones_away(whose: str) -> None:
    for number in range(12):
        take("ended", f"{whose}{number}", THREE)
    assert sqlite.FILE.raw
    sqlite.FILE.raw.execute("UPDATE counter SET ends_at = 0")
    for number in range(3):
        take("new", f"{whose}{number}", THREE)

    assert sqlite.FILE.raw.execute("SELECT name, count(*) FROM counter GROUP BY name").fetchall() == [("new", 3)]


@pytest.mark.sqlite
def test_file_of_counters_is_its_owners_and_another_process_counts_in_it(whose: str, tmp_path: Path) -> None:
    take("test", whose, THREE)
    path = tmp_path / "local.db-limits"
    assert path.stat().st_mode & 0o777 == 0o600
    other = sqlite.File()
    assert other.take("test", make_digest(whose), THREE, 1).remaining == 1
    other.close()
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT service, taken FROM counter").fetchall() == [("api_rw", 2)]
    raw.close()


@pytest.mark.postgresql
def test_window_that_ended_begins_anew(whose: str, connect_as: Callable[[str], Any]) -> None:
    take("test", whose, THREE, amount=3)
    connect_as("postgres").execute("UPDATE limits.counter SET ends_at = now() WHERE whose = %s", [make_digest(whose)])

    assert take("test", whose, THREE).remaining == 2


def test_pause_ends(whose: str, break_counter: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(turns, "PAUSE", -1.0)
        name = connection.settings_dict["NAME"]
        break_counter()
        assert not take("test", whose, THREE).is_counted
        patch.setitem(connection.settings_dict, "NAME", name)
        assert take("test", whose, THREE).is_counted


@pytest.mark.postgresql
def test_connection_is_no_other_database_and_lets_go_of_a_test_database_before_it_is_dropped(whose: str) -> None:
    before = list(connections)
    take("test", whose, THREE, is_strict=True)
    assert list(connections) == before
    assert postgresql.LINE.wrapper

    leaving_database.send(sender=None)

    assert postgresql.LINE.wrapper is None
