"""What a URL says of Django's connection pool: `pool=true`, or `pool=min_size:2,max_size:8,timeout:5`."""

from __future__ import annotations

import difflib
from importlib.util import find_spec
from typing import Any, Final

from freehold.errors import DatabaseURLError

OPTION: Final = "pool"
DEFAULT_SIZE: Final = 4  # psycopg_pool's min_size; its max_size is min_size where none is given
# Numbers that psycopg_pool.ConnectionPool takes: https://www.psycopg.org/psycopg3/docs/api/pool.html
_LEAST: Final = {
    "min_size": 0,
    "max_size": 1,
    "timeout": 0,  # seconds, as those below
    "max_waiting": 0,
    "max_lifetime": 1,
    "max_idle": 1,
    "reconnect_timeout": 1,
    "num_workers": 1,
}
_FORM: Final = "write pool=true, or its settings as pool=max_size:8,timeout:5"


def parse_pool(value: str) -> bool | dict[str, int]:
    """Give what OPTIONS["pool"] takes.

    Raises:
        DatabaseURLError: it can't be read, no pool could be made by it, or the package that has pools is missing.
    """
    if value == "false":
        return False
    settings = {} if value == "true" else dict(_parse_setting(pair) for pair in value.split(","))
    smallest, largest = settings.get("min_size"), settings.get("max_size")
    if largest is not None and largest < (DEFAULT_SIZE if smallest is None else smallest):
        if smallest is not None:
            raise DatabaseURLError(
                f"DATABASE_URL has a pool of min_size {smallest} and max_size {largest}: max_size is the larger one"
            )
        settings["min_size"] = largest
    if smallest == 0 and largest is None:
        raise DatabaseURLError("DATABASE_URL has a pool of min_size 0 without a max_size: add max_size:8, say")
    if find_spec("psycopg_pool") is None:
        raise DatabaseURLError(
            'DATABASE_URL asks for a pool, and the package psycopg-pool is not installed: pip install "psycopg[pool]"'
        )
    return settings or True


def _parse_setting(pair: str) -> tuple[str, int]:
    name, sign, value = pair.partition(":")
    if not sign:
        raise DatabaseURLError(f"DATABASE_URL has a pool that can't be read: {_FORM}")
    if name not in _LEAST:
        close = difflib.get_close_matches(name, _LEAST, n=1)
        hint = f"did you mean {close[0]}?" if close else f"it may be one of {', '.join(sorted(_LEAST))}"
        raise DatabaseURLError(f"DATABASE_URL has the unknown setting {name!r} of its pool: {hint}")
    if not value.isascii() or not value.isdigit() or len(value) > 9 or int(value) < _LEAST[name]:
        raise DatabaseURLError(
            f"DATABASE_URL has {name}:{value} for its pool: it takes a whole number from {_LEAST[name]} on, of up to "
            "9 digits"
        )
    return name, int(value)


def get_largest(pool: Any) -> int:
    """Give how many connections OPTIONS["pool"] may have at once, in each process."""
    settings = pool if isinstance(pool, dict) else {}
    return int(settings.get("max_size") or settings.get("min_size", DEFAULT_SIZE))
