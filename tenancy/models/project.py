"""What a tenant works on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from freehold import CountedVersion, Policy, Record, Updated, Versioned, slugs
from tenancy.access import ADMINS, EVERYONE, belongs_to, is_of_key


class Project(Versioned, Updated, Record):
    """A piece of a tenant's work, with its own keys and runs."""

    tenant = models.ForeignKey(
        "tenancy.Tenant",
        on_delete=models.DB_CASCADE,
        db_index=False,  # projects_tenant_slug_uniq begins with it
        related_name="projects",
        verbose_name=_("tenant"),
    )
    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        db_index=False,
        validators=[slugs.validate_slug],
        help_text=_("Once within the tenant."),
    )

    policies = (
        Policy("members_reading", service="api", command="select", using=belongs_to("tenant_id", EVERYONE)),
        Policy("keys_reading", service="api", command="select", using=is_of_key("id")),
        Policy("admins", service="api", using=belongs_to("tenant_id", ADMINS)),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.projects"
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "slug"],
                name="projects_tenant_slug_uniq",
                violation_error_message=_("The tenant has a project with this slug."),
            ),
            models.CheckConstraint(
                condition=models.Q(slug__regex=slugs.PATTERN),
                name="projects_slug_check",
                violation_error_message=_("The slug is lower-case letters and digits, joined by single hyphens."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="projects_name_check",
                violation_error_message=_("The name can't be empty."),
            ),
            CountedVersion(name="projects_version_counted"),
        ]
        indexes = [models.Index(fields=["-created_at"], name="projects_created_at_idx")]

    def __str__(self) -> str:
        return self.name
