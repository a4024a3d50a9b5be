"""What the engine can do without and the wheel does not ask for: `pip install "freehold[commands]"`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from freehold.errors import FreeholdError


class MissingExtraError(FreeholdError):
    """A package of an extra is not installed, so that nothing was done; commands exit with 2."""

    exit_status = 2


@contextmanager
def needing_extra(extra: str) -> Iterator[None]:
    """Import inside the block what the extra brings.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "freehold").partition(".")[0]
        if package == "freehold":
            raise
        raise MissingExtraError(
            f'{package} is not installed, which this needs: pip install "freehold[{extra}]"'
        ) from error
