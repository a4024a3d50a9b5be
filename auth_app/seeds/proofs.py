"""What the demo people have linked and proven: accounts elsewhere, and telephone numbers kept for fiction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

NIGHT = datetime(2026, 11, 16, 21, 5, tzinfo=UTC)


class AccountRow(NamedTuple):
    """A row of accounts elsewhere."""

    provider: str
    subject: str
    user: str
    email: str
    data: dict[str, Any]
    created_at: datetime
    last_login_at: datetime | None


class VerificationRow(NamedTuple):
    """A row of phone verifications."""

    number: str
    purpose: str
    user: str | None
    code_hash: str
    attempts: int
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


def list_accounts() -> list[AccountRow]:
    """Give the linked accounts."""
    return [
        make_account("google", "108234567890123456701", "lena", "Lena Hoffmann", 80, 1),
        make_account("google", "108234567890123456702", "maya", "Maya Johnson", 61, 3),
        make_account("github", "58000147", "kenji", "Kenji Tanaka", 44, 12),
        make_account("github", "58000148", "priya", "Priya Raman", 40, None),
        make_account("apple", "000123.5e0c8e4f7a3b4d1f.0917", "james", "James Whitfield", 9, 9),
    ]


def make_account(provider: str, subject: str, name: str, shown: str, days: int, used: int | None) -> AccountRow:
    """Give an account linked `days` ago and last used `used` days ago, None for never."""
    email = f"{name}@freehold.example"
    last_login_at = None if used is None else NIGHT - timedelta(days=used)
    data = {"name": shown, "email_verified": True}
    return AccountRow(provider, subject, email, email, data, NIGHT - timedelta(days=days), last_login_at)


def list_verifications() -> list[VerificationRow]:
    """Give codes that were used, that ran out, and that nobody asked for. None of them opens anything."""
    return [
        make_verification("+447700900123", "verify", "james", 0, hours=30, is_used=True),
        make_verification("+12025550143", "sign_in", "maya", 1, hours=52, is_used=True),
        make_verification("+33199001234", "verify", "camille", 0, hours=75, is_used=True),
        make_verification("+12025550178", "reset", "maya", 5, hours=97, is_used=False),
        make_verification("+447700900456", "sign_in", None, 2, hours=3, is_used=False),
    ]


def make_verification(
    number: str, purpose: str, name: str | None, attempts: int, *, hours: int, is_used: bool
) -> VerificationRow:
    """Give a code that was sent so many hours ago and held for ten minutes."""
    sent = NIGHT - timedelta(hours=hours)
    user = f"{name}@freehold.example" if name else None
    code_hash = sha256(f"demo {number} {purpose}".encode()).hexdigest()  # of no code: nothing matches it
    used_at = sent + timedelta(minutes=2) if is_used else None
    return VerificationRow(number, purpose, user, code_hash, attempts, sent, sent + timedelta(minutes=10), used_at)
