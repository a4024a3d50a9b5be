"""Connects once more where a password was refused that somebody is changing: `manage.py ownership passwords --rotate`
writes it into the file just before the server takes it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import psycopg

_FRESH: Final = 10  # seconds in which a file counts as being changed
_PAUSES: Final = (0.05, 0.2, 0.5)  # seconds, until the transaction behind it has ended


def connect(open_connection: Callable[[], Any], params: Mapping[str, Any]) -> Any:
    """Give what `open_connection` gives, which is called again where the password of a file was refused that is new.

    Raises:
        psycopg.OperationalError: it can't connect.
    """
    for pause in _PAUSES:
        try:
            return open_connection()
        except psycopg.OperationalError as error:
            if not (error.pgconn and error.pgconn.used_password and _is_fresh(params)):
                raise
        time.sleep(pause)
    return open_connection()


def _is_fresh(params: Mapping[str, Any]) -> bool:
    """Tell whether the password comes from a file, and the file was written a moment ago."""
    path = params.get("passfile") or os.environ.get("PGPASSFILE") or Path("~/.pgpass").expanduser()
    try:
        return not params.get("password") and abs(time.time() - Path(path).stat().st_mtime) < _FRESH
    except OSError:
        return False
