"""Makes keys and takes them back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone

from tenancy.models import ApiKey, Project

PREFIX_BYTES = 4
LONGEST_LIFE: Final = timedelta(days=3653)
USE_NOTED: Final = timedelta(minutes=1)  # and no more often; app.use_api_key has the same
SECRET_BYTES = 32  # 256 random bits can't be guessed from their hash, so a fast hash is enough


@dataclass(frozen=True)
class IssuedKey:
    """A new key: the row, and the text that is never shown again."""

    api_key: ApiKey
    text: str = field(repr=False)


def issue_api_key(
    *, project: Project, name: str, scopes: Sequence[str] = (), expires_at: datetime | None = None
) -> IssuedKey:
    """Make a key to `project` and give it with its text, such as `fh_1f2e3d4c_…`; a digest of its digest is stored.

    Raises:
        ValidationError: a field is wrong, e.g. it expires in the past, or in more than ten years.
    """
    _check_expiry(expires_at)
    prefix = f"fh_{secrets.token_hex(PREFIX_BYTES)}"
    text = f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    api_key = ApiKey(
        project=project,
        name=name,
        prefix=prefix,
        key_hash=hash_key(text),
        scopes=list(scopes),
        expires_at=expires_at,
    )
    api_key.full_clean()
    with transaction.atomic():
        api_key.save(force_insert=True)
        text = _find_minted() or text
    api_key.key_hash = hash_key(text)
    return IssuedKey(api_key, text)


def _find_minted() -> str:
    """Give the key that PostgreSQL made in the place of ours, whose hash no service may choose; else nothing."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('freehold.minted_key', true)")
        (text,) = cursor.fetchone()
    return str(text or "")


def _check_expiry(expires_at: datetime | None) -> None:
    now = timezone.now()
    if expires_at and expires_at <= now:
        raise ValidationError({"expires_at": "A key expires after it was made."})
    if expires_at and expires_at > now + LONGEST_LIFE:
        raise ValidationError({"expires_at": "A key expires within ten years, or never."})


def note_use(*, api_key: ApiKey) -> None:
    """Note that a key is used, where nobody did within a minute: on SQLite, in the place of app.use_api_key."""
    now = timezone.now()
    if api_key.last_used_at is None or api_key.last_used_at < now - USE_NOTED:
        unnoted = models.Q(last_used_at=None) | models.Q(last_used_at__lt=now - USE_NOTED)
        ApiKey.objects.filter(unnoted, pk=api_key.pk).update(last_used_at=now)


def revoke_api_key(*, api_key: ApiKey) -> bool:
    """End a key now; tell whether this call did. A key stays revoked since the first time."""
    with transaction.atomic():
        done = ApiKey.objects.filter(pk=api_key.pk, revoked_at=None).update(revoked_at=timezone.now())
    api_key.refresh_from_db(fields=["revoked_at"])
    return bool(done)


def get_proof(text: str) -> str:
    """Give what a service shows the database for a key's text: its SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def hash_key(text: str) -> str:
    """Give `key_hash` of a key's row: the SHA-256 of the proof. Whoever reads the row can't show the key."""
    return hashlib.sha256(get_proof(text).encode()).hexdigest()
