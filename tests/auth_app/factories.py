"""Makes users and what hangs on them. Every call gives another row; keywords override."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from auth_app.models import OAuthAccount, PhoneVerification, Session, User
from auth_app.proofs import get_proof, get_row_key
from auth_app.session_rows import choose_rows

NUMBERS = count(1)


def make_user(password: str | None = None, **fields: Any) -> User:
    return User.objects.create_user(fields.pop("email", f"user{next(NUMBERS)}@example.org"), password, **fields)


def make_superuser(password: str | None = None, **fields: Any) -> User:
    return User.objects.create_superuser(fields.pop("email", f"root{next(NUMBERS)}@example.org"), password, **fields)


def make_staff(group: str, **fields: Any) -> User:
    """A user who may sign in to the admin site as a member of `group`."""
    user = make_user(is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=group))
    return user


def make_session(**fields: Any) -> Session:
    """A session without a cookie: of a key that nobody has."""
    proof = get_proof(f"key{next(NUMBERS):029}")
    defaults = {"session_data": "e30:x:y", "expire_date": timezone.now() + timedelta(days=1)}
    row = Session(**{"session_key": get_row_key(proof), **defaults, **fields})
    assert choose_rows().open(proof, row)
    return row


def find_session(key: str | None) -> Session:
    """The row of the session whose cookie has the key."""
    row = choose_rows().find(get_proof(key or ""))
    assert row
    return row


def make_oauth_account(**fields: Any) -> OAuthAccount:
    fields["user"] = fields.get("user") or make_user()
    return OAuthAccount.objects.create(**{"provider": "github", "subject": str(next(NUMBERS)), **fields})


def make_phone_verification(**fields: Any) -> PhoneVerification:
    defaults = {
        "number": f"+49301{next(NUMBERS):06}",
        "code_hash": "argon2$…",
        "purpose": "verify",
        "expires_at": timezone.now() + timedelta(minutes=10),
    }
    return PhoneVerification.objects.create(**{**defaults, **fields})
