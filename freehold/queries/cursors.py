"""Cursors of pages: where one ended, signed, good for the same statement and values, sort and principal alone."""

from __future__ import annotations

import datetime
import hashlib
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec
from django.core.signing import BadSignature, Signer

from freehold.acting import Principal, get_acting
from freehold.queries.errors import CursorError, ResultError
from freehold.queries.joining import Combination
from freehold.queries.types import get_kind
from freehold.queries.values import UNSET, Sort

LONGEST: Final = 8192  # characters; it comes from outside, mostly in a URL
_SIGNED: Final = 44  # characters: a colon, and SHA-256 in Base64
MOST_BYTES: Final = (LONGEST - _SIGNED) // 4 * 3 - 3  # of a row's values as JSON; the compiler lets no page have more
_KINDS: Final[dict[str, Any]] = {
    "integer": int,
    "float": float,
    "numeric": Decimal,
    "boolean": bool,
    "uuid": UUID,
    "timestamptz": datetime.datetime,
    "timestamp": datetime.datetime,
    "date": datetime.date,
    "time": datetime.time,
}


def write_cursor(place: str, file: str, combination: Combination, sort: Sort, values: Sequence[Any]) -> str:
    """Give the cursor of what is behind a row with these values in the sort's columns.

    Raises:
        ResultError: the values are none that `read_cursor` would give back.
    """
    for (expression, kind, _), value in zip(sort.columns, values, strict=True):
        if not _fits(kind, value):
            raise ResultError(f"{place}: {expression} has a value that no page can end at: sort by another column")
    written = msgspec.json.encode(values)
    if len(written) > MOST_BYTES:
        raise ResultError(
            f"{place}: the sort {combination.sort} has values of {len(written):,} bytes, and a cursor holds "
            f"{MOST_BYTES:,}: sort by shorter columns"
        )
    return _get_signer(file, combination).sign(urlsafe_b64encode(written).decode().rstrip("="))


def read_cursor(place: str, file: str, combination: Combination, sort: Sort, cursor: str) -> list[Any]:
    """Give the values of a cursor.

    Raises:
        CursorError: it is of another statement, sort or principal, or none.
    """
    try:
        if len(cursor) > LONGEST:
            raise ValueError
        text = _get_signer(file, combination).unsign(cursor)
        values = msgspec.json.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=list[Any])
        return [_read(kind, value) for (_, kind, _), value in zip(sort.columns, values, strict=True)]
    except (BadSignature, ValueError):
        raise CursorError(
            f"{place}: the cursor is none of this statement, sort and principal: begin with the first page"
        ) from None


def name_query(file: str, arguments: Mapping[str, Any]) -> str:
    """Give what stands for a statement and the values that it is given."""
    given = sorted((name, repr(value)) for name, value in arguments.items() if value is not UNSET)
    return f"{file}#{hashlib.sha256(repr(given).encode()).hexdigest()}"


def _fits(kind: str, value: Any) -> bool:
    """Tell whether it is what `_read` makes of its JSON: no NULL, no bytes, no NaN."""
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return isinstance(value, _KINDS.get(get_kind(kind), str))


def _read(kind: str, value: Any) -> Any:
    found = _KINDS.get(get_kind(kind), str)
    return msgspec.convert(value, found, strict=found is not float)


def _get_signer(file: str, combination: Combination) -> Signer:
    parts = ",".join(sorted(combination.parts))
    return Signer(salt="\n".join(("freehold.queries", file, combination.sort, parts, *_name_principal())))


def _name_principal() -> tuple[str, ...]:
    """Give what tells one principal from another, without a look at the database."""
    acting = get_acting()
    if acting is None:
        return ("nobody",)
    if not isinstance(acting.who, Principal):
        return (acting.service, "proof", acting.who.proof)
    who = acting.who
    return (acting.service, who.kind, who.user_id, who.tenant_id, who.part_id, *sorted(who.scopes))
