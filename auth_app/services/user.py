"""Writes users."""

from __future__ import annotations

from django.db import transaction

from auth_app.models import User


def set_password(*, user: User, password: str) -> None:
    """Give the user a new password and write nothing else of them: their sessions end with the old one."""
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password", "updated_at"])
