"""Changes how people present themselves and how they like to be served."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any, Final, ParamSpec
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from freehold import StaleRecordError, is_stale
from profile.models import Profile

P = ParamSpec("P")
MOST_PREFERENCES: Final = 100
MOST_CHARACTERS: Final = 65_536  # of all preferences as JSON
NOT_MADE: Final = 0  # the version of a profile that is not there yet, and is as its defaults say


def _once_more(change: Callable[P, Profile]) -> Callable[P, Profile]:
    """Let a change begin anew where somebody else made the profile meanwhile: before, there is no row to lock."""

    @wraps(change)
    def run(*args: P.args, **kwargs: P.kwargs) -> Profile:
        try:
            return change(*args, **kwargs)
        except IntegrityError as error:
            if is_stale(error):
                raise
            return change(*args, **kwargs)

    return run


@_once_more
def change_profile(*, user_id: UUID, versions: Collection[int] | None, changes: Mapping[str, Any]) -> Profile:
    """Change columns of the user's profile, or make it, and give it. `versions` are those that the change is for, None
    for any.

    Raises:
        StaleRecordError: it has another version.
        ValidationError: a column is wrong.
    """
    with transaction.atomic():
        return _save(_find_own(user_id, versions), changes)


@_once_more
def change_preferences(*, user_id: UUID, versions: Collection[int] | None, changes: Mapping[str, Any]) -> Profile:
    """Set some of the user's preferences by their names, and take away those that are None (RFC 7396, for one level).

    Raises:
        StaleRecordError: as above.
        ValidationError: there are too many, or a value can't be kept.
    """
    with transaction.atomic():
        profile = _find_own(user_id, versions)
        merged = {**profile.preferences, **changes}
        kept = {name: value for name, value in merged.items() if value is not None}
        if len(kept) > MOST_PREFERENCES or len(json.dumps(kept)) > MOST_CHARACTERS:
            raise ValidationError(
                f"These are more than {MOST_PREFERENCES} preferences, or {MOST_CHARACTERS} characters."
            )
        return _save(profile, {"preferences": kept})


def _save(profile: Profile, changes: Mapping[str, Any]) -> Profile:
    for name, value in changes.items():
        setattr(profile, name, value)
    profile.clean_fields(exclude={"user"})
    profile.save()
    return profile


def _find_own(user_id: UUID, versions: Collection[int] | None) -> Profile:
    """Give the profile, locked until the transaction ends, or a new one."""
    found = Profile._default_manager.select_for_update().filter(user_id=user_id).first()
    version = found.version if found else NOT_MADE
    if versions is not None and version not in versions:
        raise StaleRecordError(f"app.profiles: version {version}, another was expected; read it again")
    return found or Profile(user_id=user_id)
