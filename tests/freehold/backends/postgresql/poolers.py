"""A pgbouncer, where Debian's package is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
WITHIN = 20.0  # seconds
CONFIGURATION = """
[databases]
* = host={host} port={server} pool_size={size}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
pool_mode = {mode}
server_round_robin = {in_turn:d}
auth_type = trust
auth_file = {users}
logfile = {log}
pidfile =
server_reset_query_always = {resets:d}
"""


@contextmanager
def running_pgbouncer(
    directory: Path,
    server: dict[str, Any],
    passwords: dict[str, str],
    size: int = 1,
    *,
    resets: bool = False,
    mode: str = "transaction",
    in_turn: bool = False,
) -> Iterator[int]:
    """Give the port of a pooler before `server`, whose logins have these passwords; ended after the block.

    `size` is how many connections to the server each login's clients have between them; `resets` says whether one is
    made as new before the next client has it, `in_turn` whether that is the one that was free for longest.
    """
    port = find_free_port()
    users, settings = directory / "users.txt", directory / "pgbouncer.ini"
    users.write_text("".join(f'"{login}" "{password}"\n' for login, password in passwords.items()))
    settings.write_text(
        CONFIGURATION.format(
            host=server["host"],
            server=server["port"],
            port=port,
            users=users,
            size=size,
            resets=resets,
            mode=mode,
            in_turn=in_turn,
            log=directory / "pgbouncer.log",
        )
    )
    account = lend(directory)
    process = subprocess.Popen([str(PROGRAM), "-q", str(settings)], stderr=subprocess.DEVNULL, **account)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def lend(directory: Path) -> dict[str, Any]:
    """Give the arguments under which the pooler starts: as root it refuses, so the files go to `nobody`."""
    if os.getuid() != 0:
        return {}
    for path in (directory, *directory.iterdir()):
        shutil.chown(path, "nobody")
    for parent in [directory, *directory.parents][:-2]:
        parent.chmod(parent.stat().st_mode | 0o011)
    return {"user": "nobody"}


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Return when somebody listens at the port."""
    deadline = time.monotonic() + WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
