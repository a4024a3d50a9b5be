"""A PostgreSQL of the benchmarks' own, in a temporary directory, gone when the block ends."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from freehold import embedded


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
