"""What the database refuses of profiles, each constraint at least once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from profile.models import Profile
from tests.auth_app.factories import make_user
from tests.constraints import Refusal, assert_refused, list_constraints, save_stale
from tests.profile.factories import make_profile

REFUSED: list[Refusal] = [
    (lambda: make_profile(locale="english"), "profiles_locale_check"),
    (lambda: make_profile(locale="en_US"), "profiles_locale_check"),
    (lambda: make_profile(locale=""), "profiles_locale_check"),
    (lambda: make_profile(time_zone=""), "profiles_time_zone_check"),
    (lambda: make_profile(preferences=["dark"]), "profiles_preferences_check"),
    (lambda: make_profile(preferences="dark"), "profiles_preferences_check"),
    (lambda: make_profile(preferences={"a": "a" * 270_000}), "profiles_preferences_short"),
    (lambda: save_stale(make_profile()), "profiles_version_counted"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "constraint"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_row_against_a_constraint_is_refused(make, constraint) -> None:
    assert_refused(make, constraint)


def test_every_constraint_is_tried() -> None:
    assert {constraint for _, constraint in REFUSED} == list_constraints(Profile)


@pytest.mark.django_db
def test_second_profile_of_a_user_is_refused() -> None:
    user = make_user()
    make_profile(user=user)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_profile(user=user)


@pytest.mark.django_db
@pytest.mark.parametrize("locale", ["en", "pt-BR", "zh-Hant-TW", "es-419", "gsw"])
def test_locale_that_is_a_language_tag_is_accepted(locale: str) -> None:
    assert make_profile(locale=locale).pk


@pytest.mark.django_db
def test_full_clean_unknown_time_zone_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        Profile(user=make_user(), time_zone="Europe/Atlantis").full_clean()

    assert caught.value.message_dict == {
        "time_zone": ["Europe/Atlantis is no time zone: enter one such as Europe/Berlin."]
    }
