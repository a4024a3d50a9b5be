"""An empty database of the run's dialect, for tests of migrations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from pathlib import Path

import psycopg
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.dialect import DIALECT
from tests.freehold.estates import get_server


@contextmanager
def empty_database(alias: str, blocker: DjangoDbBlocker, directory: Path) -> Iterator[None]:
    """Make it under an alias of its own, and remove it at the end."""
    name = f"{alias}_{os.getpid()}" if DIALECT == "postgresql" else str(directory / f"{alias}.db")
    connections.settings[alias] = {**deepcopy(connections.settings["default"]), "NAME": name}
    with blocker.unblock(), ExitStack() as at_the_end:
        at_the_end.callback(connections.settings.pop, alias)
        if DIALECT == "postgresql":
            root = at_the_end.enter_context(psycopg.connect(**get_server(), autocommit=True))
            root.execute(f"CREATE DATABASE {name}")
            at_the_end.callback(root.execute, f"DROP DATABASE {name} WITH (FORCE)")
        at_the_end.callback(close, alias)
        yield


def close(alias: str) -> None:
    connections[alias].close()
    del connections[alias]
