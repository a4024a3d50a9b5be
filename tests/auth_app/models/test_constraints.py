"""What the database refuses in schema auth, each constraint at least once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from auth_app.models import OAuthAccount, PhoneVerification, Session, User
from tests.auth_app.factories import make_oauth_account, make_phone_verification, make_user
from tests.constraints import Refusal, assert_refused, list_constraints, save_stale

NOW = timezone.now()


def twice(make, **fields):
    make(**fields)
    return make(**fields)


REFUSED: list[Refusal] = [
    (lambda: [User.objects.create(email=each) for each in ("a@b.org", "A@b.org")], "user_email_lower_uniq"),
    (lambda: User.objects.create(email="nobody"), "user_email_check"),
    (lambda: User.objects.create(email=""), "user_email_check"),
    (lambda: twice(make_oauth_account, provider="github", subject="1"), "oauth_account_subject_uniq"),
    (lambda: make_oauth_account(subject=""), "oauth_account_subject_check"),
    (lambda: make_oauth_account(provider=""), "oauth_account_subject_check"),
    (lambda: make_oauth_account(data=[]), "oauth_account_data_check"),
    (lambda: make_oauth_account(data="text"), "oauth_account_data_check"),
    (lambda: twice(make_phone_verification, number="+4930901820"), "phone_verif_open_uniq"),
    (lambda: make_phone_verification(number="030 901820"), "phone_verif_number_check"),
    (lambda: make_phone_verification(number="+4930901820\n"), "phone_verif_number_check"),
    (lambda: make_phone_verification(number="+0930901820"), "phone_verif_number_check"),
    (lambda: make_phone_verification(purpose="other"), "phone_verif_purpose_check"),
    (lambda: make_phone_verification(attempts=-1), "phone_verif_attempts_check"),
    (lambda: make_phone_verification(created_at=NOW, expires_at=NOW), "phone_verif_expires_at_check"),
    (
        lambda: make_phone_verification(created_at=NOW, used_at=NOW - timedelta(seconds=1)),
        "phone_verif_used_at_check",
    ),
    (lambda: save_stale(make_user()), "user_version_counted"),
    (lambda: save_stale(make_oauth_account()), "oauth_account_version_counted"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "constraint"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_row_against_a_constraint_is_refused(make, constraint) -> None:
    assert_refused(make, constraint)


def test_every_constraint_is_tried() -> None:
    models = (User, Session, OAuthAccount, PhoneVerification)

    # By user_email_lower_uniq, which SQLite names first; and by ON CONFLICT: ../test_sessions.py takes a key twice.
    implied = {"user_email_uniq", "session_key_uniq"}
    assert {constraint for _, constraint in REFUSED} | implied == set().union(*map(list_constraints, models))


@pytest.mark.postgresql
@pytest.mark.django_db
def test_user_with_the_same_email_is_refused_by_the_plain_constraint() -> None:
    assert_refused(lambda: twice(User.objects.create, email="a@b.org"), "user_email_uniq")


@pytest.mark.django_db
def test_phone_verification_after_the_first_was_used_is_accepted() -> None:
    make_phone_verification(number="+4930901820", used_at=timezone.now() + timedelta(seconds=1))

    assert make_phone_verification(number="+4930901820").used_at is None


@pytest.mark.django_db
def test_phone_verification_for_another_purpose_is_accepted() -> None:
    make_phone_verification(number="+4930901820", purpose="verify")

    assert make_phone_verification(number="+4930901820", purpose="reset").pk


@pytest.mark.django_db
def test_oauth_account_same_subject_elsewhere_is_accepted() -> None:
    user = make_user()
    make_oauth_account(user=user, provider="github", subject="1")

    assert make_oauth_account(user=user, provider="google", subject="1").pk
