"""Profiles of the demo people."""

from __future__ import annotations

from auth_app.models import User
from profile.models import Profile


def test_each_demo_user_has_a_profile_that_is_valid(seeded: str) -> None:
    profiles = list(Profile.objects.using(seeded).select_related("user"))

    for profile in profiles:
        profile.clean_fields()
    assert {each.user.email for each in profiles} == set(User.objects.using(seeded).values_list("email", flat=True))
