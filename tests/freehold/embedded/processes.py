"""Other processes for the tests: starters, other people, bystanders, and what becomes of them."""

from __future__ import annotations

import os
import pickle
import pwd
import select
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become someone else")


class Child:
    """A function at work in a forked process. No new interpreter: another account may not be able to reach it."""

    def __init__(self, function: Callable[..., Any], *arguments: Any, account: pwd.struct_passwd | None = None) -> None:
        self.reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.reader)
            self.work(writer, function, arguments, account)
        os.close(writer)

    def work(
        self, writer: int, function: Callable[..., Any], arguments: Any, account: pwd.struct_passwd | None
    ) -> None:
        """Hand back what the function gives or raises, and end without a trace of pytest's own."""
        try:
            os.setsid()
            if account:
                os.initgroups(account.pw_name, account.pw_gid)
                os.setgid(account.pw_gid)
                os.setuid(account.pw_uid)
                os.environ["HOME"] = "/nonexistent"
            answer = (True, function(*arguments))
        except BaseException:
            answer = (False, traceback.format_exc())
        os.write(writer, pickle.dumps(answer))
        os._exit(0)

    def wait(self) -> Any:
        """Give what the function gave."""
        with open(self.reader, "rb") as pipe:
            said = pipe.read()
        os.waitpid(self.pid, 0)
        assert said, "the process was killed"
        succeeded, answer = pickle.loads(said)
        assert succeeded, answer
        return answer

    def has_ended(self) -> bool:
        """Tell whether it has handed back what it had to, or will hand back nothing any more."""
        return bool(select.select([self.reader], [], [], 0)[0])

    def kill(self) -> None:
        """End it at once, with kill -9."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.reader)


def get_ordinary_account() -> pwd.struct_passwd:
    """Give an account that is neither root nor the one that root runs servers as."""
    for name in ("daemon", "bin", "games", "_www"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("no ordinary account is known here")


def kill_server(path: str) -> int:
    """Kill the server of this path with kill -9 and wait for its end; give its process id."""
    pid = read_pid(path)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    return pid


def read_pid(path: str) -> int:
    """Give the process id in the server's pid file."""
    return int(Path(path, "data", "postmaster.pid").read_text().split("\n")[0])


def wait_for(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Return once the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)


def count_starts(path: str) -> int:
    """Count how often the server of this path has been started, as its log says."""
    return Path(path, "server.log").read_text().count("LOG:  starting PostgreSQL")
