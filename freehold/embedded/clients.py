"""psql on an embedded server."""

from __future__ import annotations

import os
from collections.abc import Sequence

from psycopg import pq

from freehold.embedded.binaries import get_installation
from freehold.embedded.clusters import read_major
from freehold.embedded.directories import get_directory
from freehold.embedded.facade import get_address
from freehold.embedded.names import DATABASE, SUPERUSER

_NAMES = {option.keyword.decode(): option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar}
_KEPT = {"PGAPPNAME", "PGCLIENTENCODING", "PGCONNECT_TIMEOUT", "PGOPTIONS"}  # how to talk, not whom to


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
