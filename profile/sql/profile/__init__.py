"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

from freehold.queries import Column, Parameter, Query, Segment
from msgspec import Struct
from typing import Any, Final
from uuid import UUID

__all__ = [
    "FindProfileRow",
    "find_profile",
    "find_profile_json",
]


class FindProfileRow(Struct, frozen=True):
    """A row of `find_profile`."""

    display_name: str
    bio: str
    avatar_url: str
    locale: str
    time_zone: str
    preferences: dict[str, Any]
    version: int


_FIND_PROFILE: Final[Query[FindProfileRow]] = Query(
    file="profile/sql/profile/find_profile.sql",
    kind="maybe",
    row=FindProfileRow,
    segments=(
        Segment(
            """\
SELECT p.display_name, p.bio, p.avatar_url, p.locale, p.time_zone, p.preferences, p.version
FROM app.profiles AS p
WHERE p.user_id = {user_id}""",
            line=6,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT p.display_name, p.bio, p.avatar_url, p.locale, p.time_zone, p.preferences, p.version
FROM "app.profiles" AS p
WHERE p.user_id = {user_id}""",
            line=6,
        ),
    ),
    parameters=(
        Parameter("user_id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("display_name", "varchar", is_nullable=False),
        Column("bio", "text", is_nullable=False),
        Column("avatar_url", "varchar", is_nullable=False),
        Column("locale", "varchar", is_nullable=False),
        Column("time_zone", "varchar", is_nullable=False),
        Column("preferences", "jsonb", is_nullable=False),
        Column("version", "int8", is_nullable=False),
    ),
    writes=False,
)


def find_profile(
    *,
    user_id: UUID,
    using: str = "default",
) -> FindProfileRow | None:
    """What a user shows of themselves and how they like to be served."""
    return _FIND_PROFILE.fetch_maybe({"user_id": user_id}, using=using)


def find_profile_json(
    *,
    user_id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: what a user shows of themselves and how they like to be served."""
    return _FIND_PROFILE.fetch_maybe_json({"user_id": user_id}, using=using)
