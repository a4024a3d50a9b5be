"""Accounts elsewhere that a user signs in with."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from freehold import CountedVersion, Record, Versioned, is_object, validate_object


class OAuthAccount(Versioned, Record):
    """An identity at an OAuth or OpenID Connect provider, linked to a user."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DB_CASCADE,
        db_index=False,
        related_name="oauth_accounts",
        verbose_name=_("user"),
    )
    provider = models.CharField(_("provider"), max_length=50, help_text=_("Such as google or github."))
    subject = models.CharField(
        _("subject"), max_length=255, help_text=_("What the provider calls the user; it never changes (claim `sub`).")
    )
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True, default="", db_default="")
    data = models.JSONField(
        _("data"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        validators=[validate_object],
        help_text=_("What the provider told about the user. No tokens."),
    )
    last_login_at = models.DateTimeField(_("last sign-in"), null=True, blank=True)

    class Meta:
        db_table = "auth.oauth_account"
        verbose_name = _("OAuth account")
        verbose_name_plural = _("OAuth accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "subject"],
                name="oauth_account_subject_uniq",
                violation_error_message=_("This account of the provider is linked already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(provider="") & ~models.Q(subject=""),
                name="oauth_account_subject_check",
                violation_error_message=_("Provider and subject can't be empty."),
            ),
            models.CheckConstraint(
                condition=is_object("data"),
                name="oauth_account_data_check",
                violation_error_message=_("Data is a JSON object."),
            ),
            CountedVersion(name="oauth_account_version_counted"),
        ]
        indexes = [
            models.Index(fields=["user"], name="oauth_account_user_idx"),
            models.Index(fields=["-created_at"], name="oauth_account_created_at_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.email or self.subject}"
