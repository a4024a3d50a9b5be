"""What the engine can do without and the wheel does not ask for: `pip install "freehold[commands]"`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from freehold.errors import FreeholdError


class MissingExtraError(FreeholdError):
    """A package of an extra is not installed."""


@contextmanager
def needing_extra(extra: str) -> Iterator[None]:
    """Import inside the block what the extra brings.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("freehold"):
            raise
        raise MissingExtraError(
            f'{error.name} is not installed, which this needs: pip install "freehold[{extra}]"'
        ) from error
