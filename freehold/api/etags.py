"""A row's version as its ETag, and the conditions that requests name (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
import re
from typing import Final

import msgspec
from django.utils.http import parse_etags
from msgspec import UNSET, UnsetType

from freehold.api.problems import ProblemError

_VERSION: Final = re.compile(r'(?:W/)?"(\d{1,18})-[0-9a-f]{16}(?:-gzip)?"')


class IfMatch(msgspec.Struct, kw_only=True):
    """The header that a change must bring: the ETag of what was read, or `*` for whatever is there."""

    if_match: str | UnsetType = msgspec.field(name="If-Match", default=UNSET)


class IfNoneMatch(msgspec.Struct, kw_only=True):
    """The header of whoever has the answer already: 304 where it is still the same."""

    if_none_match: str | UnsetType = msgspec.field(name="If-None-Match", default=UNSET)


def read_versions(headers: IfMatch) -> frozenset[int] | None:
    """Give the versions that a change is for, None for any. A service raises StaleRecordError for another.

    Raises:
        ProblemError: 428 where the header is missing.
    """
    if not headers.if_match:
        raise ProblemError(428, "Send If-Match with the ETag of what you read, or * for whatever is there.")
    found = parse_etags(headers.if_match)
    if found == ["*"]:
        return None
    return frozenset(int(match[1]) for each in found if (match := _VERSION.fullmatch(each)))


def write_etag(content: bytes, version: int | None = None) -> str:
    """Give the header's value: a digest of the answer, which also has what lies beside the row, behind the version of
    the row, which alone counts in If-Match."""
    digest = hashlib.sha256(content).hexdigest()[:16]
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'
