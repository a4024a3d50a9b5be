"""Those who share an account."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from freehold import CountedVersion, CurrentTenant, Policy, Record, Updated, Versioned, slugs
from tenancy.access import EVERYONE, OWNERS, belongs_to


class Tenant(Versioned, Updated, Record):
    """An organisation: its members work on its projects, and nobody else does."""

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("slug"), max_length=80, db_index=False, validators=[slugs.validate_slug])
    email = models.EmailField(
        _("e-mail address"), max_length=254, null=True, blank=True, help_text=_("Where the organisation is written to.")
    )

    policies = (
        Policy("members_reading", service="api", command="select", using=belongs_to("id", EVERYONE)),
        Policy("keys_reading", service="api", command="select", using=models.Q(id=CurrentTenant())),
        Policy("owners", service="api", using=belongs_to("id", OWNERS)),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.tenants"
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="tenants_slug_uniq",
                violation_error_message=_("A tenant with this slug exists."),
            ),
            models.CheckConstraint(
                condition=models.Q(slug__regex=slugs.PATTERN),
                name="tenants_slug_check",
                violation_error_message=_("The slug is lower-case letters and digits, joined by single hyphens."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="tenants_name_check",
                violation_error_message=_("The name can't be empty."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="tenants_email_lower_uniq",
                violation_error_message=_("A tenant with this e-mail address exists."),
            ),
            models.CheckConstraint(
                condition=models.Q(email__contains="@"),
                name="tenants_email_check",
                violation_error_message=_("An e-mail address has an @."),
            ),
            CountedVersion(name="tenants_version_counted"),
        ]

    def __str__(self) -> str:
        return self.name
