"""Sends a link behind which its reader chooses a password."""

from __future__ import annotations

import logging
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from auth_app.models import User
from freehold import FreeholdError

logger = logging.getLogger(__name__)

SUBJECT, TEXT = "auth_app/password_link_subject.txt", "auth_app/password_link.txt"
DAY = 24 * 60 * 60  # seconds


class NotSentError(FreeholdError):
    """A link was not sent. `is_server` where the reason holds for every other user too."""

    def __init__(self, message: str, *, is_server: bool = False) -> None:
        super().__init__(message)
        self.is_server = is_server


class LinkForm(PasswordResetForm):
    """Django's, for one user who is chosen already, with a password or without one yet; a failure is not hushed up."""

    def __init__(self, user: User) -> None:
        super().__init__({"email": user.email})
        self.user = user

    def get_users(self, email: str) -> Any:
        """Give the user."""
        return [self.user]

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """Send the letter, or raise whatever the mail backend raises."""
        subject = " ".join(render_to_string(subject_template_name, context).split())
        EmailMessage(subject, render_to_string(email_template_name, context), from_email, [to_email]).send()


def send_password_link(*, user: User, request: HttpRequest) -> None:
    """Send the link to the user's address. It leads to the host that the request came to.

    Raises:
        NotSentError: it was not sent; the message says why.
    """
    if not settings.SENDS_MAIL:
        raise NotSentError(_("EMAIL_URL is not set, so that this site has no mail server."), is_server=True)
    if not user.is_active:
        raise NotSentError(_("%(email)s is not active, and could not sign in.") % {"email": user.email})
    form = LinkForm(user)
    if not form.is_valid():
        raise NotSentError(_("%(email)s is no address that mail reaches.") % {"email": user.email})
    try:
        form.save(**list_arguments(request))
    except Exception as error:  # a mail backend raises what it likes
        logger.warning("no link to a password was sent to user %s: %s", user.pk, type(error).__name__)
        raise describe_failure(user, error) from error


def list_arguments(request: HttpRequest) -> dict[str, Any]:
    """Give what Django's form needs for the letter.

    Behind a proxy a request does not say that it came by HTTPS; that the cookies ask for it does.
    """
    return {
        "subject_template_name": SUBJECT,
        "email_template_name": TEXT,
        "use_https": request.is_secure() or settings.SESSION_COOKIE_SECURE,
        "request": request,
        "extra_email_context": {"days": settings.PASSWORD_RESET_TIMEOUT // DAY},
    }


def describe_failure(user: User, error: Exception) -> NotSentError:
    """Give the error that says what the mail server, or the way to it, said."""
    if isinstance(error, SMTPRecipientsRefused) and user.email in error.recipients:
        code, said = error.recipients[user.email]
        given = {"email": user.email, "reason": f"{code} {decode(said)}"}
        return NotSentError(_("the mail server does not take %(email)s (%(reason)s).") % given)
    if isinstance(error, SMTPResponseException):
        reason = f"{error.smtp_code} {decode(error.smtp_error)}"
    else:
        reason = str(error) or type(error).__name__
    return NotSentError(_("the mail server does not take it (%(reason)s).") % {"reason": reason}, is_server=True)


def decode(said: bytes | str) -> str:
    """Give what a mail server said as text."""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
