"""A PostgreSQL of the benchmarks' own, in a temporary directory, gone when the block ends; with the project in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from freehold import embedded

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def running_server() -> Iterator[str]:
    """Yield the path of a fresh embedded server."""
    directory = tempfile.mkdtemp(prefix="freehold-benchmark-")
    os.chmod(directory, 0o755)  # as root, the server's own account must be able to pass
    path = os.path.join(directory, "postgres")
    try:
        embedded.start(path)
        yield path
    finally:
        embedded.stop(path)
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def migrated_server(*, seeds: bool = True, **settings: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the path of one with the project's tables, and its rows unless `seeds` is off; and the environment of a
    process that uses it."""
    with running_server() as server:
        environment = {**os.environ, "DATABASE_URL": f"embedded://{server}", "ENV_FILE": os.devnull, **settings}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        for command in (["migrate", "-v0"], *([["seed", "up", "-v0"]] if seeds else [])):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, env=environment)
        yield server, environment
