"""Whom members ask to join."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from freehold import CurrentUser, Has, Policy, Record
from tenancy.access import ADMINS, INVITED, OWNERS, MemberRole, belongs_to
from tenancy.models.api_key import SHA256


def is_from(role: MemberRole) -> models.Q:
    """Give the condition that the inviter is whoever asks, with the role in the invitation's tenant."""
    inviter = models.Q(pk=models.OuterRef("inviter_id"), tenant_id=models.OuterRef("tenant_id"), role=role.value)
    return models.Q(Has("tenancy.Membership", inviter & models.Q(user_id=CurrentUser())))


class Invitation(Record):
    """An invitation of an address to a tenant. Who is asked shows a secret, of which the digest alone is kept.

    It is answered by the function `app.answer_invitation`, and goes with the membership of who made it.
    """

    tenant = models.ForeignKey(
        "tenancy.Tenant",
        on_delete=models.DB_CASCADE,
        db_index=False,
        related_name="invitations",
        verbose_name=_("tenant"),
    )
    inviter = models.ForeignKey(
        "tenancy.Membership",
        on_delete=models.DB_CASCADE,
        db_index=False,
        related_name="invitations",
        verbose_name=_("inviter"),
    )
    email = models.EmailField(_("e-mail address"), max_length=254, help_text=_("Of the account that may accept."))
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices)
    secret_hash = models.CharField(
        _("secret hash"), max_length=64, help_text=_("SHA-256 of the secret's SHA-256, both in hexadecimal.")
    )
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)

    policies = (
        Policy("admins_reading", service="api", command="select", using=belongs_to("tenant_id", ADMINS)),
        Policy(
            "owners_inviting",
            service="api",
            command="insert",
            check=is_from(MemberRole.OWNER) & models.Q(accepted_at=None, declined_at=None),
        ),
        Policy(
            "admins_inviting",
            service="api",
            command="insert",
            check=is_from(MemberRole.ADMIN) & models.Q(role__in=INVITED, accepted_at=None, declined_at=None),
        ),
        Policy("owners_revoking", service="api", command="delete", using=belongs_to("tenant_id", OWNERS)),
        Policy(
            "admins_revoking",
            service="api",
            command="delete",
            using=belongs_to("tenant_id", ADMINS) & models.Q(role__in=INVITED),
        ),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.invitations"
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["secret_hash"],
                name="invitations_secret_hash_uniq",
                violation_error_message=_("An invitation with this secret exists."),
            ),
            models.UniqueConstraint(
                "tenant",
                Lower("email"),
                condition=models.Q(accepted_at=None, declined_at=None),
                name="invitations_open_uniq",
                violation_error_message=_("This address is invited already."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=MemberRole.values),
                name="invitations_role_check",
                violation_error_message=_("The role is one of owner, admin, member, viewer."),
            ),
            models.CheckConstraint(
                condition=models.Q(secret_hash__regex=SHA256),
                name="invitations_secret_hash_check",
                violation_error_message=_("The hash is a SHA-256 in hexadecimal, never the secret itself."),
            ),
            models.CheckConstraint(
                condition=models.Q(email__contains="@"),
                name="invitations_email_check",
                violation_error_message=_("An e-mail address has an @."),
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="invitations_expires_at_check",
                violation_error_message=_("An invitation expires after it was made."),
            ),
            models.CheckConstraint(
                # A day more than services allow: the database counts days by the clock of the session's time zone.
                condition=models.Q(expires_at__lte=models.F("created_at") + timedelta(days=91)),
                name="invitations_life_check",
                violation_error_message=_("An invitation ends within 90 days."),
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(declined_at=None),
                name="invitations_answer_check",
                violation_error_message=_("An invitation is accepted or declined, not both."),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-created_at"], name="invitations_tenant_idx"),
            models.Index(fields=["inviter"], name="invitations_inviter_idx"),
            models.Index(fields=["-created_at"], name="invitations_created_at_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.get_role_display()}"
