"""Who belongs to a tenant, as what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from freehold import CountedVersion, CurrentUser, Policy, Record, Versioned
from tenancy.access import EVERYONE, OWNERS, MemberRole, belongs_to, is_tenant


class Membership(Versioned, Record):
    """A user's place in a tenant; one a user and tenant."""

    tenant = models.ForeignKey(
        "tenancy.Tenant",
        on_delete=models.DB_CASCADE,
        db_index=False,  # memberships_tenant_user_uniq begins with it
        related_name="memberships",
        verbose_name=_("tenant"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DB_CASCADE,
        db_index=False,
        related_name="memberships",
        verbose_name=_("user"),
    )
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=MemberRole.choices,
        default=MemberRole.MEMBER,
        db_default=MemberRole.MEMBER.value,
    )

    policies = (
        Policy("own_reading", service="api", command="select", using=models.Q(user_id=CurrentUser())),
        Policy("members_reading", service="api", command="select", using=belongs_to("tenant_id", EVERYONE)),
        Policy("owners", service="api", using=belongs_to("tenant_id", OWNERS)),
        Policy("leaving", service="api", command="delete", using=models.Q(user_id=CurrentUser())),
        Policy(
            "founding",  # of a tenant that is made next, in the same transaction
            service="api",
            command="insert",
            check=models.Q(user_id=CurrentUser(), role=MemberRole.OWNER.value) & ~is_tenant("tenant_id"),
        ),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.memberships"
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user"],
                name="memberships_tenant_user_uniq",
                violation_error_message=_("This user is a member of this tenant already."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=MemberRole.values),
                name="memberships_role_check",
                violation_error_message=_("The role is one of owner, admin, member, viewer."),
            ),
            CountedVersion(name="memberships_version_counted"),
        ]
        indexes = [
            models.Index(fields=["user"], name="memberships_user_idx"),
            models.Index(fields=["-created_at"], name="memberships_created_at_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} since {self.created_at:%Y-%m-%d}"
