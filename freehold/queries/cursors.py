"""Cursors of pages: where one ended, signed, good for the same statement, sort, parts and principal alone."""

from __future__ import annotations

import datetime
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec
from django.core.signing import BadSignature, Signer

from freehold.acting import Principal, get_acting
from freehold.queries.errors import CursorError
from freehold.queries.joining import Combination
from freehold.queries.types import get_kind
from freehold.queries.values import Sort

LONGEST: Final = 4096  # characters; a cursor is as long as its texts, and comes from outside
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


def write_cursor(file: str, combination: Combination, sort: Sort, values: Sequence[Any]) -> str:
    """Give the cursor of what is behind a row with these values in the sort's columns."""
    text = urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")
    return _get_signer(file, combination).sign(text)


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
