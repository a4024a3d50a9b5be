"""`manage.py quickstart`, which `make run` calls: in processes of its own, with a server of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from freehold import embedded
from tests.dialect import OWNER

ROOT = Path(__file__).resolve().parents[2]


def hear_interrupts() -> None:
    """Let Ctrl-C end the process, as from a terminal: whoever runs the suite in the background has it ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def running(url: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run quickstart; yield it once it has announced itself, with the lines it printed so far."""
    site = subprocess.Popen(
        [sys.executable, "manage.py", "quickstart"],
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


def find_address(lines: list[str]) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", "\n".join(lines))
    assert found, lines
    return found.group()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A place for the embedded server: with a space in it, as people's directories have."""
    directory = Path(tempfile.mkdtemp(prefix="quick start ", dir=os.environ[OWNER]))
    directory.chmod(0o755)  # the server's own account gets there, so that its data lie there too
    yield f"embedded://{directory}/postgres"
    embedded.stop(f"{directory}/postgres")


@pytest.mark.postgresql
@pytest.mark.xdist_group("quickstart")
def test_quickstart_from_nothing_serves_and_stops_what_it_started(url: str) -> None:
    with running(url) as (site, lines):
        address = find_address(lines)
        home = urllib.request.urlopen(address).read().decode()
        login = urllib.request.urlopen(f"{address}/admin/login/").status
        with running(url) as (_, second):
            other = find_address(second)
            urllib.request.urlopen(other)
        urllib.request.urlopen(address)

    assert "auth_owner" in home
    assert login == 200
    assert other != address
    assert any("admin@freehold.example" in line for line in lines)
    assert not any("Traceback" in line for line in lines)
    assert site.returncode == 130
    assert not embedded.status(url.removeprefix("embedded://")).running


@pytest.mark.parametrize(
    ("port", "message"),
    [
        ("eighty", "freehold: PORT='eighty' is no port: set it to a number from 1 to 65535"),
        ("70000", "freehold: port 70000 does not exist: choose one from 1 to 65535"),
    ],
)
def test_quickstart_wrong_port_is_one_line(port: str, message: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "quickstart"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "PORT": port},
        capture_output=True,
        text=True,
    )

    assert (run.returncode, run.stderr.strip()) == (1, message)
    assert not list(tmp_path.iterdir()), "a wrong port is found before anything is made"


def test_quickstart_port_taken_names_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = subprocess.run(
            [sys.executable, "manage.py", "quickstart", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"},
            capture_output=True,
            text=True,
        )

    assert run.returncode == 1
    assert run.stderr.strip() == (
        f"freehold: port {port} on 127.0.0.1 can't be used (address already in use by process {os.getpid()} "
        f"({psutil.Process().name()})): choose another with PORT=… or --port"
    )
