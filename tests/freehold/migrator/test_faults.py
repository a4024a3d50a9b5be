"""Whatever ends the migrator, one of its sessions or the network, before each message of a run and with a second one
waiting: that one finishes, and nothing is applied twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from freehold.passfile import find_password
from tests.freehold.embedded.processes import Child, wait_for
from tests.freehold.migrator.estates import ALIAS, APPS, Estate
from tests.freehold.migrator.interruptions import Pause, choose
from tests.freehold.migrator.networks import Network, network_to
from tests.freehold.migrator.test_interruptions import (
    ALL_ONCE,
    count_messages,
    dump,
    estate,
    forget,
    list_ended,
    up,
    whole,
)

pytestmark = [pytest.mark.postgresql, pytest.mark.once]
__all__ = ["estate", "whole"]  # fixtures
SOME = 4
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


def run_with_fault(kind: str, at: int, estate: Estate, network: Network, log: Path) -> str:
    """Migrate in a process that the fault meets before message `at`, while another waits; give how the first ended."""
    connections[ALIAS].close()
    log.unlink(missing_ok=True)
    first = Pause(lambda: up(estate), at)
    if not first.is_reached():
        return first.wait()
    lock, work = (list_sessions(estate, locks=locks) for locks in (True, False))
    network.tell("mark")
    second = Child(estate.migrate_aloud, log)
    wait_for(lambda: (log.exists() and "Waiting" in log.read_text()) or second.has_ended(), LONG)
    cause(kind, estate, network, first, {"lock": lock, "work": work, "all": lock + work})
    first.go_on()
    wait_for(lambda: first.child.has_ended() or second.has_ended(), LONG)
    network.tell("both")  # by now both sides hear of it
    ended = first.wait()
    second.wait()
    return ended


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

    for at in (chosen := choose(total, SOME)):
        ended = run_with_fault(kind, at, estate, network, tmp_path / "second.log")

        where = f"{KINDS[kind]}: before message {at} of {total}; the first ended with {ended or 'success'}"
        assert list_ended(estate, "up") == ALL_ONCE, where
        assert estate.query("SELECT title FROM auth.manor ORDER BY id") == [("first",), ("second",)], where
        assert len(estate.applied) == len(set(estate.applied)) == 5, where
        assert dump(estate) == whole, where
        wipe(estate)
    request.node.user_properties.append((f"faults: {KINDS[kind]}", len(chosen)))
