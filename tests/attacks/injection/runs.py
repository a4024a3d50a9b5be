"""Starts what the matrix needs: a server, a superuser's process that makes the people, and a process of `api` alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS: dict[str, Path | None] = {
    "PostgreSQL of the wheel": None,
    "PostgreSQL 15": Path("/usr/lib/postgresql/15/bin"),
}
Server = dict[str, Any]


@contextmanager
def running(programs: Path | None = None, *, filled: bool = True) -> Iterator[Server]:
    """Give a server of its own, migrated, and with rows where it is to be `filled`: what the superuser connects by."""
    from freehold import embedded

    directory = tempfile.mkdtemp(prefix="freehold-attacks-")
    os.chmod(directory, 0o755)
    path, before = os.path.join(directory, "postgres"), os.environ.get("PG_BIN")
    if programs:
        os.environ["PG_BIN"] = str(programs)
    try:
        embedded.start(path)
        for command in (["migrate", "-v0"], ["seed", "up", "-v0"])[: 1 + filled]:
            run(
                [*["manage.py"], *command],
                DATABASE_URL=f"embedded://{path}",
                DJANGO_SETTINGS_MODULE="config.settings",
            )
        yield {**embedded.get_address(path), "user": "postgres", "dbname": embedded.DATABASE}
    finally:
        embedded.stop(path)
        shutil.rmtree(directory, ignore_errors=True)
        os.environ.pop("PG_BIN", None)
        if before:
            os.environ["PG_BIN"] = before


def run(command: list[str], **environment: str) -> None:
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, env=make_environment(**environment))


def make_environment(**more: str) -> dict[str, str]:
    settings = {"DJANGO_SETTINGS_MODULE": "tests.attacks.injection.settings", "DEBUG": "1", "ENV_FILE": os.devnull}
    return {**os.environ, **settings, **more}


def make_url(server: Server, login: str = "") -> str:
    """Give the DATABASE_URL of a login; without one, of each process's own."""
    from urllib.parse import quote, urlencode

    options = {name: str(server[name]) for name in ("sslmode", "gssencmode", "passfile") if name in server}
    at = f"{quote(login)}@" if login else ""
    return (
        f"postgresql://{at}{server['host']}:{server['port']}/{server['dbname']}?{urlencode(options, quote_via=quote)}"
    )


def attack(
    server: Server,
    *,
    only: str = "",
    say: Callable[[str], None] = lambda line: None,
    believing: bool = False,
    step: int = 1,
) -> dict[str, Any]:
    """Make the people, run the matrix in a process of `api`; give what was counted.

    `say` gets a line an attempt. With a `step` of 4 it is each fourth attempt.
    """
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        os.chmod(directory, 0o755)
        estate, tally = Path(directory) / "estate.json", Path(directory) / "tally.json"
        process = [sys.executable, "-m", "tests.attacks.injection.process"]
        prepared = {"DATABASE_URL": make_url(server, "postgres"), "SERVICE": "all"}
        subprocess.run([*process, "prepare", str(estate)], cwd=ROOT, check=True, env=make_environment(**prepared))
        known = {"ATTACK_STEP": str(step)}
        known |= {"ATTACK_SERVER": json.dumps(server, default=str), "ATTACK_BELIEVING": "1" if believing else ""}
        known["ATTACK_BOUNCER"] = stack.enter_context(pooling(server, Path(directory) / "pooler"))
        environment = make_environment(DATABASE_URL=make_url(server), SERVICE="api", ATTACK_POOL="1", **known)
        command = [*process, "attack", str(estate), str(tally), only]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as attacking:
            for line in attacking.stdout or ():
                say(line.rstrip("\n"))
        assert attacking.returncode == 0, attacking.returncode
        found: dict[str, Any] = json.loads(tally.read_text())
        return found


@contextmanager
def pooling(server: Server, directory: Path) -> Iterator[str]:
    """Give the address of a pgbouncer that has one connection to the server; empty where none is installed."""
    from freehold.passfile import find_password
    from tests.freehold.backends.postgresql.poolers import PROGRAM, running_pgbouncer

    if not PROGRAM:
        yield ""
        return
    directory.mkdir()
    password = str(find_password(Path(server["passfile"]), user="api_rw", host=server["host"]))
    with running_pgbouncer(directory, server, {"api_rw": password}) as port:
        yield f"postgresql://api_rw:{password}@127.0.0.1:{port}/{server['dbname']}"


def report(tally: dict[str, Any]) -> str:
    """Say what was counted, in lines."""
    families = ", ".join(f"{name} {number:,}" for name, number in tally["attempts"].items())
    known = ", ".join(f"{name} {number:,}" for name, number in tally["known"].items())
    holes = "".join(
        f"\n  HOLE {hole['title']}\n       sent {str(hole['sent'])[:300]}\n       got {hole['got'][:300]}"
        for hole in tally["holes"][:40]
    )
    return (
        f"{sum(tally['attempts'].values()):,} attempts: {families}\n"
        f"rows of others reached: {tally['rows']:,}; rows of others changed: {tally['changed']:,}; "
        f"others' requests disturbed: {tally['disturbed']:,}\nknown, and named in docs/security.md: {known}{holes}"
    )
