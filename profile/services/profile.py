"""Changes how people present themselves and how they like to be served."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any, Final, ParamSpec
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from freehold import StaleRecordError, is_stale, measure_json, validate_object
from profile.models import Profile

P = ParamSpec("P")
MOST_PREFERENCES: Final = 100
MOST_BYTES: Final = 65_536  # of all preferences together, as the database writes them
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
        ValidationError: there are too many; or values can't be kept, each by its name.
    """
    _validate_each(changes)
    with transaction.atomic():
        profile = _find_own(user_id, versions)
        merged = {**profile.preferences, **changes}
        kept = {name: value for name, value in merged.items() if value is not None}
        if len(kept) > MOST_PREFERENCES:
            raise ValidationError(f"That makes {len(kept)} preferences, and {MOST_PREFERENCES} are kept.")
        if (size := measure_json(kept)) > MOST_BYTES:
            raise ValidationError(f"That makes {size} bytes of preferences, and {MOST_BYTES} are kept.")
        return _save(profile, {"preferences": kept})


def _validate_each(changes: Mapping[str, Any]) -> None:
    faults = {}
    for name, value in changes.items():
        try:
            validate_object({name: value})
        except ValidationError as error:
            faults[name] = error
    if faults:
        raise ValidationError(faults)


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
