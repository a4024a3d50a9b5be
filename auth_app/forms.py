"""Forms of the pages about accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm as DjangoSetPasswordForm

from auth_app.attempts import may_send_letter
from auth_app.models import User
from auth_app.services.user import set_password

if TYPE_CHECKING:
    SetPasswordForm = DjangoSetPasswordForm[User]
else:
    SetPasswordForm = DjangoSetPasswordForm


class NewPasswordForm(SetPasswordForm):
    """Asks for the new password, twice, and writes nothing else of the user."""

    def save(self, commit: bool = True) -> User:
        """Give the user with the new password, saved."""
        set_password(user=self.user, password=self.cleaned_data["new_password1"])
        return self.user


class ForgottenPasswordForm(PasswordResetForm):
    """Django's, which says nothing of whom it found, with so many letters to one address and no more."""

    def save(self, *args: Any, **options: Any) -> None:
        """Send the letter, where there is someone to send it to and not too many went there."""
        if may_send_letter(self.cleaned_data["email"]):
            super().save(*args, **options)
