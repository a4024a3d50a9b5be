"""Whatever ends the migrator, one of its sessions or the network, before each message of a run up or down and with a
second one waiting: that one finishes, and nothing is done twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from freehold.passfile import find_password
from tests.freehold.embedded.processes import Child, wait_for
from tests.freehold.migrator.estates import ALIAS, APPS, Estate
from tests.freehold.migrator.interruptions import Pause, choose
from tests.freehold.migrator.networks import Network, network_to
from tests.freehold.migrator.test_interruptions import (
    ALL_ONCE,
    count_messages,
    down,
    dump,
    estate,
    forget,
    list_ended,
    up,
    whole,
)

pytestmark = [pytest.mark.postgresql, pytest.mark.once]
__all__ = ["estate", "whole"]  # fixtures
SOME = 2  # of each kind, and each kind has others
LONG = 60.0  # seconds

SESSIONS = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'migrator'
        AND starts_with(application_name, 'freehold migrate') = %s
"""
ALIVE = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (%s)"
KINDS = {  # of faults, by what each is called in the counts
    "client": "killed clients",
    "lock": "ended lock sessions",
    "work": "ended working sessions",
    "all": "ended sessions of both",
    "cut-both": "networks cut on both sides",
    "cut-client": "networks cut at the client",
    "cut-server": "networks cut at the server",
    "cut-answers": "answers lost on their way",
    "cut-lock": "networks of the lock cut at the server",
}


@pytest.fixture
def network(estate: Estate) -> Iterator[Network]:
    """The network that the migrators reach their server by."""
    before = connections[ALIAS].settings_dict
    password = find_password(Path(estate.server["passfile"]), user="migrator", host=estate.server["host"])
    with network_to(estate.server) as network:
        options = {"schemas": before["OPTIONS"]["schemas"], "sslmode": "disable"}
        address = {"HOST": "127.0.0.1", "PORT": str(network.port), "USER": "migrator", "PASSWORD": password}
        connections[ALIAS].close()
        connections[ALIAS].settings_dict = {**before, **address, "OPTIONS": options}
        yield network
        connections[ALIAS].close()
        connections[ALIAS].settings_dict = before


def list_sessions(estate: Estate, *, locks: bool) -> list[int]:
    return [pid for (pid,) in estate.query(SESSIONS, locks)]


def end_sessions(estate: Estate, pids: list[int]) -> None:
    """End them, and wait until they have ended."""
    estate.query("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", pids)
    wait_for(lambda: estate.query(ALIVE, pids) == [(0,)])


def cause(kind: str, estate: Estate, network: Network, pause: Pause, sessions: dict[str, list[int]]) -> None:
    """Let the fault come over the migrator that pauses."""
    if kind == "client":
        os.kill(pause.child.pid, signal.SIGKILL)
    elif kind in sessions:
        end_sessions(estate, sessions[kind])
    else:
        network.tell(kind.removeprefix("cut-"))


def run_with_fault(
    kind: str,
    at: int,
    act: Callable[[Estate], None],
    act_aloud: Callable[[Path], object],
    estate: Estate,
    network: Network,
    log: Path,
) -> str:
    """Act in a process that the fault meets before message `at`, while another waits to do the same; give how the first
    ended."""
    connections[ALIAS].close()
    log.unlink(missing_ok=True)
    first = Pause(lambda: act(estate), at)
    if not first.is_reached():
        return first.wait()
    lock, work = (list_sessions(estate, locks=locks) for locks in (True, False))
    network.tell("mark")
    second = Child(act_aloud, log)
    wait_for(lambda: (log.exists() and "Waiting" in log.read_text()) or second.has_ended(), LONG)
    cause(kind, estate, network, first, {"lock": lock, "work": work, "all": lock + work})
    first.go_on()
    wait_for(lambda: first.child.has_ended() or second.has_ended(), LONG)
    network.tell("both")  # by now both sides hear of it
    ended = first.wait()
    second.wait()
    return ended


def roll_back_aloud(log: Path) -> None:
    """Take the tests' migrations back, with what is said in a file meanwhile."""
    with log.open("w", buffering=1) as stdout:
        call_command("rollback", "--to", "manor", "zero", "--yes", database=ALIAS, stdout=stdout, no_color=True)


def wipe(estate: Estate) -> None:
    """Take away what a run made."""
    for name in estate.tables:
        estate.query(f"DROP TABLE IF EXISTS {name} CASCADE")
    estate.query("DELETE FROM public.django_migrations WHERE app = ANY (%s)", list(APPS))
    forget(estate)


@pytest.mark.parametrize("kind", KINDS)
def test_fault_before_any_message_of_a_run_is_outlasted_by_the_migrator_that_waits(
    kind: str, estate: Estate, whole: str, network: Network, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    total = count_messages(estate, up)
    wipe(estate)

    for at in (chosen := choose(total, SOME, [*KINDS].index(kind), len(KINDS))):
        ended = run_with_fault(kind, at, up, estate.migrate_aloud, estate, network, tmp_path / "second.log")

        where = f"{KINDS[kind]}: before message {at} of {total}; the first ended with {ended or 'success'}"
        assert list_ended(estate, "up") == ALL_ONCE, where
        assert estate.query("SELECT title FROM auth.manor ORDER BY id") == [("first",), ("second",)], where
        assert len(estate.applied) == len(set(estate.applied)) == 5, where
        assert dump(estate) == whole, where
        wipe(estate)
    request.node.user_properties.append((f"faults: {KINDS[kind]}", len(chosen)))


@pytest.mark.parametrize("kind", KINDS)
def test_fault_before_any_message_of_a_rollback_is_outlasted_by_the_one_that_waits(
    kind: str, estate: Estate, network: Network, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    up(estate)
    total = count_messages(estate, down)

    for at in (chosen := choose(total, SOME, [*KINDS].index(kind), len(KINDS))):
        up(estate)
        forget(estate)
        ended = run_with_fault(kind, at, down, roll_back_aloud, estate, network, tmp_path / "second.log")

        where = f"{KINDS[kind]}: before message {at} of {total}; the first ended with {ended or 'success'}"
        assert list_ended(estate, "down") == ALL_ONCE, where
        assert (estate.applied, estate.tables) == ([], {}), where
    request.node.user_properties.append((f"faults: {KINDS[kind]}, of a rollback", len(chosen)))
