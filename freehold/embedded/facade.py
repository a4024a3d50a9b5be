"""The calls that others make, by path."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

import psutil
from psycopg import pq

from freehold.embedded import DATABASE, HOST, SUPERUSER
from freehold.embedded.binaries import Installation, get_installation
from freehold.embedded.clusters import read_major
from freehold.embedded.directories import Directory, explain_faults, get_directory, make_directory
from freehold.embedded.postmasters import PLAIN, has_clients, is_alive, read_pidfile
from freehold.embedded.servers import Server, find_server, start_server, stop_server
from freehold.errors import EmbeddedError
from freehold.filelocks import file_lock
from freehold.passfile import close_to_others, find_password, list_entries

_LINGER = 1.0  # seconds
_NAMES = {option.keyword.decode(): option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar}
_KEPT = {"PGAPPNAME", "PGCLIENTENCODING", "PGCONNECT_TIMEOUT", "PGOPTIONS"}  # how to talk, not whom to
_known: dict[str, tuple[Directory, Server]] = {}  # by path: what this process has seen proved


@dataclass(frozen=True)
class State:
    """A server that runs or not. `str()` of it is one phrase for a person."""

    path: str
    data: str
    running: bool
    initialised: bool
    log: str
    passfile: str
    version: str | None = None
    host: str | None = None
    port: int | None = None
    pid: int | None = None
    account: str | None = None
    programs: str | None = None  # where psql, pg_dump and the others lie
    newer: str | None = None  # the version of these, where the server runs an older one

    def __str__(self) -> str:
        if not self.initialised:
            return f"not running, nothing in {self.path} yet"
        if not self.running:
            return f"not running, data in {self.data}"
        said = f"{self.version} at {self.host}:{self.port}, data in {self.data}"
        return f"{said}; {self.newer} is installed: stop it, and the next start runs that" if self.newer else said


def get_address(path: str) -> dict[str, object]:
    """Give where the server listens, as libpq parameters: host, port, passfile, and what PG* variables must not change.

    Starts the server when it does not run, and says so on stderr. Asked again for the same server it costs no
    connection.

    Raises:
        EmbeddedError: it can't be started or reached.
    """
    known = _find_known(path)
    if known is None:
        known = _get_started(path)
        if known[1].is_new:
            sys.stderr.write(f"freehold: started PostgreSQL {_describe(*known)}\n")
    directory, server = known
    return {"host": HOST, "port": server.port, "passfile": str(directory.passfile), **PLAIN}


def _find_known(path: str) -> tuple[Directory, Server] | None:
    known = _known.get(path)
    if not known or not is_alive(known[1].process):
        return None
    pidfile = read_pidfile(known[0].data)
    return known if pidfile and pidfile.text == known[1].pidfile else None


def _get_started(path: str) -> tuple[Directory, Server]:
    directory = get_directory(path)
    with explain_faults(path):
        close_to_others(directory.passfile)
    _known[path] = directory, start_server(directory)
    return _known[path]


def start(path: str) -> State:
    """Start the server when it does not run.

    Raises:
        EmbeddedError: it can't be started.
    """
    return _describe(*_get_started(path))


def stop(path: str) -> bool:
    """Stop the server, whoever uses it; say whether it ran.

    Raises:
        EmbeddedError: it may not be stopped, or does not end.
    """
    _known.pop(path, None)
    return stop_server(get_directory(path))


def status(path: str) -> State:
    """Give what there is to know, without starting anything.

    Raises:
        EmbeddedError: a server runs that does not let us in.
    """
    directory = get_directory(path)
    with explain_faults(path):
        return _describe(directory, find_server(directory))


def _describe(directory: Directory, server: Server | None) -> State:
    installation = _find_installation(directory)
    return State(
        path=str(directory.path),
        data=str(directory.data),
        running=server is not None,
        initialised=directory.is_initialised,
        log=str(directory.log),
        passfile=str(directory.passfile),
        version=server.version if server else None,
        host=HOST if server else None,
        port=server.port if server else None,
        pid=server.process.pid if server else None,
        account=_find_account(server.process) if server else None,
        programs=str(installation.bin) if installation else None,
        newer=installation.version if installation and server and installation.is_newer(server.version) else None,
    )


def _find_installation(directory: Directory) -> Installation | None:
    """Give the programs that fit the data, as the caller may run them; none when they are missing."""
    try:
        return get_installation(None, major=read_major(directory))
    except EmbeddedError:
        return None


def _find_account(process: psutil.Process) -> str | None:
    try:
        return process.username()
    except psutil.Error:  # it has just ended
        return None


def get_url(path: str, user: str = SUPERUSER) -> str:
    """Give a URL with the login's password in it; starts the server when it does not run.

    Raises:
        EmbeddedError: the password file knows no such login.
    """
    port = get_address(path)["port"]
    directory = get_directory(path)
    password = find_password(directory.passfile, user=user, host=HOST)
    if password is None:
        known = ", ".join(sorted({entry.user for entry in list_entries(directory.passfile)}))
        raise EmbeddedError(f"{directory.passfile} has no password of the login {user!r}: it knows {known}")
    return f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@{HOST}:{port}/{DATABASE}"


def get_psql(path: str, arguments: Sequence[str] = ()) -> tuple[list[str], dict[str, str]]:
    """Give the words and the environment to run psql with, as the superuser; starts the server when needed.

    Where to connect stands in the environment, so that the arguments may say otherwise (`-U web_rw`).

    Raises:
        EmbeddedError: the server can't be started.
    """
    variables = get_variables(path)
    del variables["PGHOSTADDR"]  # it would beat `-h`
    psql = get_installation(None, major=read_major(get_directory(path))).bin / "psql"
    others = set(_NAMES.values()) - _KEPT
    environment = {name: value for name, value in os.environ.items() if name not in others}
    return [str(psql), *arguments], {**environment, **variables, "PGUSER": SUPERUSER, "PGDATABASE": DATABASE}


def get_variables(path: str) -> dict[str, str]:
    """Give libpq's environment variables for the server's address; starts the server when needed."""
    return {_NAMES[parameter]: str(value) for parameter, value in get_address(path).items()}


@contextmanager
def lease(path: str) -> Iterator[None]:
    """Keep others' `stop_if_unused` from stopping the server inside the block. Take it before the first connection."""
    directory = get_directory(path)
    make_directory(directory)
    with explain_faults(path), file_lock(directory.lease, shared=True):
        yield


def stop_if_unused(path: str) -> bool:
    """Stop the server unless a process holds a lease or is connected; say whether it was stopped.

    Give back your own lease first, and close your connections.
    """
    directory = get_directory(path)
    if not directory.path.exists():
        return False
    try:
        with explain_faults(path), file_lock(directory.lease, timeout=0):
            return not _is_in_use(directory) and stop(path)
    except TimeoutError:
        return False


def _is_in_use(directory: Directory) -> bool:
    """Tell whether someone is connected: a psql in another window should outlive the site.

    Asked again for a moment, since the sessions of a process that has just ended may still be ending.
    """
    server = find_server(directory)
    deadline = time.monotonic() + _LINGER
    while server is not None and has_clients(directory, server.port):
        if time.monotonic() > deadline:
            return True
        time.sleep(_LINGER / 20)
    return False
