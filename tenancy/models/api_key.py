"""What programs sign in with."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from freehold import Policy, Record, Within, is_array, validate_text_array
from tenancy.access import ADMINS, belongs_to

SHA256 = r"^[0-9a-f]{64}\Z"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys, by whether they open anything."""

    def usable(self) -> ApiKeyQuerySet:
        """Give those neither revoked nor expired."""
        not_expired = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=timezone.now())
        return self.filter(not_expired, revoked_at__isnull=True)


class ApiKey(Record):
    """A key to a project. The key itself is shown once, by `services.api_key.issue_api_key`; only its hash is kept."""

    project = models.ForeignKey(
        "tenancy.Project",
        on_delete=models.DB_CASCADE,
        db_index=False,
        related_name="api_keys",
        verbose_name=_("project"),
    )
    name = models.CharField(_("name"), max_length=150, help_text=_("What the key is for."))
    prefix = models.CharField(_("prefix"), max_length=16, help_text=_("The key's beginning, by which it is found."))
    key_hash = models.CharField(
        _("key hash"), max_length=64, help_text=_("SHA-256 of the key's SHA-256, both in hexadecimal.")
    )
    scopes = models.JSONField(
        _("scopes"),
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        validators=[validate_text_array],
        help_text=_('What the key may do: a JSON array such as ["runs:read", "runs:write"].'),
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True, help_text=_("Empty: never."))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    policies = (
        Policy("admins", service="api", using=Within("project", belongs_to("tenant_id", ADMINS))),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.api_keys"
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.UniqueConstraint(
                fields=["prefix"],
                name="api_keys_prefix_uniq",
                violation_error_message=_("A key with this prefix exists."),
            ),
            models.UniqueConstraint(
                fields=["key_hash"],
                name="api_keys_key_hash_uniq",
                violation_error_message=_("This key exists."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(prefix=""),
                name="api_keys_name_check",
                violation_error_message=_("Name and prefix can't be empty."),
            ),
            models.CheckConstraint(
                condition=models.Q(key_hash__regex=SHA256),
                name="api_keys_key_hash_check",
                violation_error_message=_("The hash is a SHA-256 in hexadecimal, never the key itself."),
            ),
            models.CheckConstraint(
                condition=is_array("scopes"),
                name="api_keys_scopes_check",
                violation_error_message=_("Scopes are a JSON array."),
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="api_keys_expires_at_check",
                violation_error_message=_("A key expires after it was made."),
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__gte=models.F("created_at")),
                name="api_keys_revoked_at_check",
                violation_error_message=_("A key is not revoked before it was made."),
            ),
        ]
        indexes = [
            models.Index(fields=["project"], name="api_keys_project_idx"),
            models.Index(fields=["-created_at"], name="api_keys_created_at_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
