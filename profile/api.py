"""The one who asks: account, profile and preferences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import asdict

from freehold.api import (
    USERS,
    Body,
    Bounded,
    Endpoint,
    Fault,
    Headers,
    IfMatch,
    IfNoneMatch,
    ProblemError,
    Text,
    operation,
    read_versions,
    route,
    write_pointer,
)
from profile.models import Profile
from profile.services.profile import MOST_PREFERENCES, NOT_MADE, change_preferences, change_profile
from profile.sql import profile

CHANGES: Final = (412, 413, 415, 422, 428)
ETAG: Final = {"ETag": "Of the profile as it is now; send it as If-Match to change it"}


class Account(msgspec.Struct):
    """Who asks."""

    id: UUID
    email: str
    display_name: str


class Shown(msgspec.Struct):
    """What a user shows of themselves, and how they like to be served. `version` is 0 where nothing was said yet."""

    display_name: str
    bio: str
    avatar_url: str
    locale: str
    time_zone: str
    version: int


class ProfileChanges(Bounded):
    """What changes; the rest stays."""

    display_name: Annotated[Text, Meta(max_length=150)] | UnsetType = UNSET
    bio: Annotated[Text, Meta(max_length=50_000)] | UnsetType = UNSET
    avatar_url: Annotated[Text, Meta(max_length=2000)] | UnsetType = UNSET
    locale: Annotated[Text, Meta(max_length=12, description="Language tag (RFC 5646)")] | UnsetType = UNSET
    time_zone: Annotated[Text, Meta(max_length=64, description="Of the IANA database")] | UnsetType = UNSET


Preferences = dict[str, Any]
PreferenceChanges = Annotated[dict[Annotated[Text, Meta(max_length=100)], Any], Meta(max_length=MOST_PREFERENCES)]


class Me(Endpoint):
    """The account."""

    @operation(Account, name="get_me", tag="me", auth=USERS)
    def get(self) -> HttpResponse:
        """Give the account of whoever asks."""
        user: Any = self.request.user
        return self.answer(Account(user.id, user.email, user.display_name))


class MyProfile(Endpoint):
    """The profile."""

    @operation(Shown, name="get_profile", tag="me", auth=USERS, headers=ETAG, is_conditional=True)
    def get(self, parsed_headers: Headers[IfNoneMatch]) -> HttpResponse:
        """Give one's own profile."""
        row = find_own(self.get_user_id())
        shown = Shown(row.display_name, row.bio, row.avatar_url, row.locale, row.time_zone, row.version)
        return self.answer_version(shown, row.version)

    @operation(Shown, name="change_profile", tag="me", auth=USERS, errors=CHANGES, headers=ETAG)
    def patch(self, parsed_headers: Headers[IfMatch], parsed_body: Body[ProfileChanges]) -> HttpResponse:
        """Change one's own profile."""
        versions = read_versions(parsed_headers)
        changes = {name: value for name, value in asdict(parsed_body).items() if value is not UNSET}
        change_profile(user_id=self.get_user_id(), versions=versions, changes=changes)
        return self.get(IfNoneMatch())


class MyPreferences(Endpoint):
    """The preferences: whatever clients keep for a user, under names of theirs."""

    @operation(Preferences, name="get_preferences", tag="me", auth=USERS, headers=ETAG, is_conditional=True)
    def get(self, parsed_headers: Headers[IfNoneMatch]) -> HttpResponse:
        """Give one's own preferences."""
        row = find_own(self.get_user_id())
        return self.answer_version(row.preferences, row.version)

    @operation(Preferences, name="change_preferences", tag="me", auth=USERS, errors=CHANGES, headers=ETAG)
    def patch(self, parsed_headers: Headers[IfMatch], parsed_body: Body[PreferenceChanges]) -> HttpResponse:
        """Set some by their names; null takes one away."""
        versions = read_versions(parsed_headers)
        with telling_names():
            change_preferences(user_id=self.get_user_id(), versions=versions, changes=parsed_body)
        return self.get(IfNoneMatch())


@contextmanager
def telling_names() -> Iterator[None]:
    """Point at a preference by its whole name, which a field's place would be taken apart in; else at all of them."""
    try:
        yield
    except ValidationError as error:
        named = error.message_dict if hasattr(error, "error_dict") else {}
        found = [Fault(words, pointer=write_pointer([name])) for name, told in named.items() for words in told]
        raise ProblemError(422, faults=found or [Fault(words, pointer="#") for words in error.messages]) from error


def find_own(user_id: UUID) -> profile.FindProfileRow:
    """Give the user's profile, or what it is where nothing was said yet."""
    found = profile.find_profile(user_id=user_id)
    if found:
        return found
    new = Profile()
    return profile.FindProfileRow(
        display_name=new.display_name,
        bio=new.bio,
        avatar_url=new.avatar_url,
        locale=new.locale,
        time_zone=new.time_zone,
        preferences=new.preferences,
        version=NOT_MADE,
    )


ROUTES = [
    route("me", Me.as_view(), name="me"),
    route("me/profile", MyProfile.as_view(), name="profile"),
    route("me/preferences", MyPreferences.as_view(), name="preferences"),
]
