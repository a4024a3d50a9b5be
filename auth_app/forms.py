"""Forms of the pages about accounts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm as DjangoSetPasswordForm
from django.core.cache import cache

from auth_app.models import User
from auth_app.services.user import set_password

if TYPE_CHECKING:
    SetPasswordForm = DjangoSetPasswordForm[User]
else:
    SetPasswordForm = DjangoSetPasswordForm

PAUSE = 60  # seconds until the next letter to the same address


class NewPasswordForm(SetPasswordForm):
    """Asks for the new password, twice, and writes nothing else of the user."""

    def save(self, commit: bool = True) -> User:
        """Give the user with the new password, saved."""
        set_password(user=self.user, password=self.cleaned_data["new_password1"])
        return self.user


class ForgottenPasswordForm(PasswordResetForm):
    """Django's, which says nothing of whom it found, with a pause between two letters to one address."""

    def save(self, *args: Any, **options: Any) -> None:
        """Send the letter, where there is someone to send it to and the last one is not too fresh."""
        digest = hashlib.sha256(self.cleaned_data["email"].lower().encode()).hexdigest()
        if cache.add(f"password-reset:{digest}", 1, PAUSE):
            super().save(*args, **options)
