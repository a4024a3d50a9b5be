"""Several starters at once, and starters that are killed on the way."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from freehold import embedded
from tests.freehold.embedded.conftest import Connect
from tests.freehold.embedded.processes import Child, count_starts, kill_server, read_pid, wait_for

pytestmark = pytest.mark.postgresql


def get_port(path: str) -> object:
    return embedded.get_address(path)["port"]


@pytest.mark.parametrize("count", [2, 8])
def test_starters_at_once_one_starts_and_all_share(fresh: str, count: int) -> None:
    starters = [Child(get_port, fresh) for _ in range(count)]

    ports = {starter.wait() for starter in starters}

    assert ports == {embedded.status(fresh).port}
    assert count_starts(fresh) == 1


def test_starters_at_once_after_crash_one_starts(path: str) -> None:
    embedded.start(path)
    kill_server(path)
    before = count_starts(path)

    ports = {starter.wait() for starter in [Child(get_port, path) for _ in range(8)]}

    assert ports == {embedded.status(path).port}
    assert count_starts(path) == before + 1


def test_starters_and_stoppers_at_once_all_end_well(path: str) -> None:
    embedded.start(path)
    children = [Child(embedded.stop if index % 3 == 0 else get_port, path) for index in range(9)]

    for child in children:
        child.wait()

    assert embedded.start(path).running


def test_starter_killed_while_making_data_leaves_none_and_next_one_makes_them(fresh: str) -> None:
    starter = Child(get_port, fresh)
    wait_for(lambda: list(Path(fresh).glob(".new-*/data/base")))
    starter.kill()
    assert not Path(fresh, "data").exists()

    state = embedded.start(fresh)

    assert state.running
    assert list(Path(fresh).glob(".new-*")) == []


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.3, 0.45, 0.5, 0.55, 0.6, 0.7])
def test_starter_killed_at_any_moment_next_one_succeeds(fresh: str, delay: float, connect: Connect) -> None:
    starter = Child(get_port, fresh)
    time.sleep(delay)
    starter.kill()

    with connect(fresh) as connection:
        assert connection.execute("select current_database()").fetchone() == ("freehold",)
    assert list(Path(fresh).glob(".new-*")) == []
    assert len([each for each in psutil.process_iter() if f"{fresh}/data" in get_words(each)]) == 1


def get_words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_starter_killed_after_its_server_came_up_next_one_finds_it(path: str) -> None:
    starter = Child(get_port, path)
    wait_for(lambda: Path(path, "data", "postmaster.pid").exists())
    starter.kill()

    state = embedded.start(path)

    assert state.running
    assert count_starts(path) == 1


def test_starter_interrupted_server_stays(path: str) -> None:
    """Ctrl-C goes to the whole process group of a terminal; the server is in none of them."""
    starter = Child(start_and_wait, path)
    wait_for(lambda: embedded.status(path).running)
    pid = read_pid(path)
    os.killpg(starter.pid, signal.SIGINT)
    os.waitpid(starter.pid, 0)

    assert embedded.start(path).pid == pid


def start_and_wait(path: str) -> None:
    embedded.start(path)
    time.sleep(60)


def test_server_is_nobodys_child_and_holds_no_open_files_of_its_starter(path: str, base: Path) -> None:
    with open(base / "mine", "w") as mine:
        os.set_inheritable(mine.fileno(), True)
        pid = embedded.start(path).pid

    assert pid
    assert psutil.Process(pid).ppid() != os.getpid()
    opened = {os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir()} if os.path.isdir("/proc") else set()
    assert str(base / "mine") not in opened
