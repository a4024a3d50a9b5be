"""An estate behind pgbouncer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from freehold.passfile import find_password
from tests.freehold.backends.postgresql.poolers import PROGRAM, running_pgbouncer
from tests.freehold.migrator.estates import ALIAS, Estate


@contextmanager
def behind_pooler(estate: Estate, directory: Path, size: int, **options: Any) -> Iterator[int]:
    """Let the estate be reached through a pooler in the block, as the migrator; give the pooler's port."""
    if not PROGRAM:
        pytest.skip("pgbouncer is not installed: apt-get install pgbouncer")
    password = str(find_password(Path(estate.server["passfile"]), user="migrator", host=estate.server["host"]))
    before = connections[ALIAS].settings_dict
    directory.mkdir()
    with running_pgbouncer(directory, estate.server, {"migrator": password}, size, **options) as port:
        address = {"HOST": "127.0.0.1", "PORT": str(port), "USER": "migrator"}
        schemas = {"schemas": before["OPTIONS"]["schemas"]}
        connections[ALIAS].settings_dict = {**before, **address, "OPTIONS": schemas}
        try:
            yield port
        finally:
            connections[ALIAS].close()
            connections[ALIAS].settings_dict = before
