"""Python's garbage collector, while migrations run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def imports_frozen() -> Iterator[None]:
    """Leave what is there before the block out of collections inside it: modules, models, settings.

    A migrate makes so many objects that the collector looks through all of them, and finds nothing there.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
