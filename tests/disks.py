"""A disk that fills."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def opening_small_disk() -> Iterator[Path]:
    """Give a disk of 8 MB, taken away after the block, when no server may use it any more."""
    place = Path(tempfile.mkdtemp(prefix="freehold-disk-"))
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True).returncode:
        place.rmdir()
        pytest.skip("this account may not mount a small disk")
    yield place
    subprocess.run(["umount", place], check=True)
    place.rmdir()


def make_room(disk: Path) -> None:
    """Make it eight times as large."""
    subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
