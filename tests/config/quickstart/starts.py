"""`manage.py quickstart` in processes of its own, as `make run` starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def hear_interrupts() -> None:
    """Let Ctrl-C end the process, as from a terminal: whoever runs the suite in the background has it ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def running(url: str, *arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run quickstart; yield it once it has announced itself, with the lines it printed so far."""
    site = subprocess.Popen(
        [sys.executable, "manage.py", "quickstart", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )
    lines: list[str] = []
    try:
        assert site.stdout is not None
        for line in site.stdout:
            lines.append(line.rstrip())
            if "Ctrl-C stops it" in line:
                break
        yield site, lines
    finally:
        if site.poll() is None:
            site.send_signal(signal.SIGINT)
        try:
            site.wait(timeout=60)
        finally:
            site.kill()  # nothing where it has ended


def prepare(url: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run quickstart without serving."""
    return subprocess.run(
        [sys.executable, "manage.py", "quickstart", "--no-serve", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, **environment},
        capture_output=True,
        text=True,
    )


def find_address(lines: list[str]) -> str:
    """Give where the site says it is."""
    found = re.search(r"http://127\.0\.0\.1:\d+", "\n".join(lines))
    assert found, lines
    return found.group()


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> bool:
    """Ask again and again; tell whether it came to hold."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
