"""`make run` from a clean clone: seconds to the first page, and again for the second start; and of a process's start
the look at its logins.

What pip takes is printed apart: it is mostly the network's. The first start holds initdb, roles, migrations and seeds.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.server import ROOT, migrated_server
from config.quickstart.ports import find_free_port

LOOKS = 15
LIMIT = 30  # ms; the look at the logins


def main() -> None:
    """Print the seconds of set-up, first and second start."""
    with tempfile.TemporaryDirectory(prefix="freehold-startup-") as directory:
        os.chmod(directory, 0o755)
        clone = Path(directory) / "freehold"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        started = time.perf_counter()
        subprocess.run(["make", "-s", "setup"], cwd=clone, check=True, stdout=subprocess.DEVNULL)
        print(f"packages from the network: {time.perf_counter() - started:.1f} s")
        for title in ("first start", "second start"):
            print(f"{title}: {time_start(clone):.1f} s to the first page")
    print_look()


def print_look() -> None:
    """Print what the look takes in a process of its own, which may become each service, on a server of its own."""
    with migrated_server(seeds=False) as (_, environment):
        look = [sys.executable, "-m", "benchmarks.startup", "look"]
        run = subprocess.run(
            look, check=True, cwd=ROOT, env={**environment, "SERVICE": "all"}, stdout=subprocess.PIPE, text=True
        )
    print(f"the look at the logins, median of {LOOKS}: {float(run.stdout):.1f} ms (limit {LIMIT})")


def time_look() -> None:
    """Print the milliseconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection

    from freehold.services.startup import inspect

    connection.ensure_connection()
    times = []
    for _ in range(LOOKS):
        started = time.perf_counter()
        inspect(connection)
        times.append(time.perf_counter() - started)
    print(statistics.median(times) * 1000)


def time_start(clone: Path) -> float:
    """Start the site, fetch its first page, stop it; give the seconds up to the page."""
    port = find_free_port()
    started = time.perf_counter()
    site = subprocess.Popen(
        ["make", "-s", "run", f"PORT={port}"], cwd=clone, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_for_page(f"http://127.0.0.1:{port}/", site)
        return time.perf_counter() - started
    finally:
        os.killpg(site.pid, signal.SIGINT)
        site.wait(timeout=60)


def wait_for_page(url: str, site: subprocess.Popen[bytes]) -> None:
    """Return when `url` answers; raise when the site ended first."""
    while site.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=10).read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"make run ended with status {site.returncode}")


if __name__ == "__main__":
    time_look() if sys.argv[1:] == ["look"] else main()
