"""What was asked once under a name of the caller's, and what was said."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from freehold import CurrentUser, Policy, Record, is_object
from tenancy.access import is_of_key
from tenancy.models.api_key import SHA256

LONGEST_KEY: Final = 255  # characters
LONGEST_BODY: Final = 65_536  # characters
KEPT_FOR: Final = timedelta(hours=24)


class IdempotencyKey(Record):
    """A request that was sent with `Idempotency-Key`, under who asked: a user, or the project of an API key.

    It is written in the transaction of what the request changes, so that there is no row of what was not done. Its
    status and body are NULL where the answer may not be kept, such as the text of a new key.
    """

    is_derived = True  # what was said yesterday is no fixture

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DB_CASCADE,
        null=True,
        blank=True,
        db_index=False,  # idempotency_keys_user_key_uniq begins with it
        related_name="idempotency_keys",
        verbose_name=_("user"),
    )
    project = models.ForeignKey(
        "tenancy.Project",
        on_delete=models.DB_CASCADE,
        null=True,
        blank=True,
        db_index=False,  # idempotency_keys_project_key_uniq begins with it
        related_name="idempotency_keys",
        verbose_name=_("project"),
    )
    key = models.CharField(_("key"), max_length=LONGEST_KEY, help_text=_("What the caller named the request."))
    fingerprint = models.CharField(
        _("fingerprint"), max_length=64, help_text=_("SHA-256 of what was asked, in hexadecimal.")
    )
    status = models.SmallIntegerField(_("status"), null=True, blank=True)
    headers = models.JSONField(_("headers"), default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    body = models.TextField(_("body"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"))

    policies = (
        Policy("own", service="api", using=models.Q(user_id=CurrentUser())),
        Policy("keys", service="api", using=is_of_key("project_id")),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.idempotency_keys"
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="idempotency_keys_user_key_uniq",
                violation_error_message=_("The user has sent this key already."),
            ),
            models.UniqueConstraint(
                fields=["project", "key"],
                name="idempotency_keys_project_key_uniq",
                violation_error_message=_("The project has sent this key already."),
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=True, project__isnull=False)
                | models.Q(user__isnull=False, project__isnull=True),
                name="idempotency_keys_owner_check",
                violation_error_message=_("It is a user's or a project's."),
            ),
            models.CheckConstraint(
                condition=~models.Q(key="") & models.Q(fingerprint__regex=SHA256),
                name="idempotency_keys_key_check",
                violation_error_message=_("The key can't be empty, and the fingerprint is a SHA-256 in hexadecimal."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__gte=200, status__lt=300),
                name="idempotency_keys_status_check",
                violation_error_message=_("What is kept went well."),
            ),
            models.CheckConstraint(
                condition=is_object("headers"),
                name="idempotency_keys_headers_check",
                violation_error_message=_("Headers are a JSON object."),
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), LONGEST_BODY),
                name="idempotency_keys_body_check",
                violation_error_message=_("The answer is too long to be kept."),
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="idempotency_keys_expires_at_check",
                violation_error_message=_("It expires after it was made."),
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="idempotency_keys_expires_idx")]

    def __str__(self) -> str:
        return self.key
