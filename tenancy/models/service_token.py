"""What services of a tenant's own report runs with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from freehold import Policy, Record
from tenancy.models.api_key import SHA256


class ServiceToken(Record):
    """A token whose text is in somebody's environment; its digest alone is kept. `manage.py servicetoken` writes it.

    It reports runs to any project of its tenant, by functions of the database; to policies it is nobody.
    """

    tenant = models.ForeignKey(
        "tenancy.Tenant",
        on_delete=models.DB_CASCADE,
        db_index=False,
        related_name="service_tokens",
        verbose_name=_("tenant"),
    )
    name = models.CharField(_("name"), max_length=150, help_text=_("Whose it is. Several may be good at once."))
    token_hash = models.CharField(
        _("token hash"), max_length=64, help_text=_("SHA-256 of the token's SHA-256, both in hexadecimal.")
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    policies = (
        Policy("none", service="api", using=models.Q(pk__in=[])),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.service_tokens"
        verbose_name = _("service token")
        verbose_name_plural = _("service tokens")
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"],
                name="service_tokens_token_hash_uniq",
                violation_error_message=_("This token exists."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="service_tokens_name_check",
                violation_error_message=_("The name can't be empty."),
            ),
            models.CheckConstraint(
                condition=models.Q(token_hash__regex=SHA256),
                name="service_tokens_token_hash_check",
                violation_error_message=_("The hash is a SHA-256 in hexadecimal, never the token itself."),
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__gte=models.F("created_at")),
                name="service_tokens_revoked_at_check",
                violation_error_message=_("A token is not revoked before it was made."),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "name"], name="service_tokens_tenant_idx"),
            models.Index(fields=["-created_at"], name="service_tokens_created_at_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.name} since {self.created_at:%Y-%m-%d}"
