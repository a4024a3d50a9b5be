"""Asks people to join a tenant, and takes their answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone

from auth_app.models import User
from freehold import FreeholdError
from freehold.acting import acting
from tenancy.access import INVITED, MemberRole
from tenancy.models import Invitation, Membership
from tenancy.services.api_key import SECRET_BYTES, get_proof, hash_key
from tenancy.services.rows import delete_row

USUAL_LIFE: Final = timedelta(days=7)
LONGEST_LIFE: Final = timedelta(days=90)
MOST_OPEN: Final = 100  # of a tenant: each may send a letter


class UnknownInvitationError(FreeholdError):
    """No invitation that can be answered has this secret."""


class AnotherAddressError(FreeholdError):
    """The invitation is for another address than the account's."""


class KeptInvitationError(FreeholdError):
    """The address has an invitation that the user may not end."""


class AlreadyMemberError(FreeholdError):
    """The account belongs to the tenant already."""


FAILURES: Final[dict[str, tuple[type[FreeholdError], str]]] = {
    "unknown": (UnknownInvitationError, "There is no such invitation: it ended, was answered or was taken back."),
    "another": (AnotherAddressError, "The invitation is for another address than that of your account."),
    "member": (AlreadyMemberError, "You are a member already."),
}


@dataclass(frozen=True)
class IssuedInvitation:
    """A new invitation: the row, and the secret that is never shown again."""

    invitation: Invitation
    text: str = field(repr=False)


def invite(
    *, user_id: UUID, tenant_id: UUID, email: str, role: str, expires_at: datetime | None = None
) -> IssuedInvitation:
    """Ask whoever has the address to join, as the user, who is a member; give it with its secret, `fhi_…`. An open one
    for the same address ends, and so do the tenant's expired ones, as far as the user may end them. Whether there is
    such an account makes no difference.

    Raises:
        Membership.DoesNotExist: the user is no member.
        PolicyError: the user may not invite, or not as that.
        ValidationError: a field is wrong, a member has the address, or too many are open.
        KeptInvitationError: the address has one that is not the user's to end.
        IntegrityError: somebody else invites the address at the same time.
    """
    inviter = Membership.objects.get(tenant_id=tenant_id, user_id=user_id)
    text = f"fhi_{secrets.token_urlsafe(SECRET_BYTES)}"
    ends = expires_at or timezone.now() + USUAL_LIFE
    invitation = Invitation(
        tenant_id=tenant_id, inviter=inviter, email=email, role=role, secret_hash=hash_key(text), expires_at=ends
    )
    _check(invitation)
    with transaction.atomic():
        _end_others(invitation)
        invitation.save(force_insert=True)
    return IssuedInvitation(invitation, text)


def revoke_invitation(*, invitation_id: UUID) -> None:
    """Take an invitation back, or forget one that was answered; raises as `delete_row`."""
    delete_row(Invitation, invitation_id, versions=None)


def answer_invitation(*, user_id: UUID, text: str, accepts: bool) -> UUID | None:
    """Accept or decline, as the user; give the membership that was made.

    Raises:
        UnknownInvitationError, AnotherAddressError, AlreadyMemberError: nothing was done.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            outcome, membership_id = _ask(text, accepts)
        else:
            with acting(None):
                outcome, membership_id = _answer(user_id, text, accepts)
    if outcome in FAILURES:
        kind, words = FAILURES[outcome]
        raise kind(words)
    return membership_id


def _check(invitation: Invitation) -> None:
    invitation.clean_fields(exclude={"tenant", "inviter"})
    now, tenant_id = timezone.now(), invitation.tenant_id
    if not now < invitation.expires_at <= now + LONGEST_LIFE:
        raise ValidationError({"expires_at": f"An invitation ends within {LONGEST_LIFE.days} days from now."})
    if Membership.objects.filter(tenant_id=tenant_id, user__email__iexact=invitation.email).exists():
        raise ValidationError({"email": "A member has this address."})
    others = _list_unanswered(tenant_id).filter(expires_at__gt=now).exclude(email__iexact=invitation.email)
    if others.count() >= MOST_OPEN:
        raise ValidationError(f"{MOST_OPEN} invitations are open: take some back first.")


def _end_others(invitation: Invitation) -> None:
    unanswered, now = _list_unanswered(invitation.tenant_id), timezone.now()
    is_same = models.Q(email__iexact=invitation.email)
    endable = unanswered.filter(is_same | models.Q(expires_at__lte=now))
    if invitation.inviter.role == MemberRole.ADMIN:  # who sees those of owners and admins, and may not end them
        endable = endable.filter(role__in=INVITED)
    endable.delete()
    if unanswered.filter(is_same).exists():
        raise KeptInvitationError("An owner invited this address as owner or admin: let an owner take that back first.")


def _list_unanswered(tenant_id: UUID) -> models.QuerySet[Invitation]:
    return Invitation.objects.filter(tenant_id=tenant_id, accepted_at=None, declined_at=None)


def _ask(text: str, accepts: bool) -> tuple[str, UUID | None]:
    with connection.cursor() as cursor:
        query = "SELECT outcome, membership_id FROM app.answer_invitation(%s, %s)"
        cursor.execute(query, [get_proof(text), accepts])
        found: tuple[str, UUID | None] = cursor.fetchone()
    return found


def _answer(user_id: UUID, text: str, accepts: bool) -> tuple[str, UUID | None]:
    """Do what app.answer_invitation does, on a database without functions."""
    now = timezone.now()
    rows = Invitation.objects.select_related("inviter")
    found = rows.filter(secret_hash=hash_key(text), accepted_at=None, declined_at=None, expires_at__gt=now).first()
    if found is None or not may_invite(found):
        return "unknown", None
    if found.email.lower() != User.objects.get(pk=user_id).email.lower():
        return "another", None
    if not accepts:
        Invitation.objects.filter(pk=found.pk).update(declined_at=now)
        return "declined", None
    membership, is_new = Membership.objects.get_or_create(
        tenant_id=found.tenant_id, user_id=user_id, defaults={"role": found.role}
    )
    if not is_new:
        return "member", None
    Invitation.objects.filter(pk=found.pk).update(accepted_at=now)
    return "accepted", membership.pk


def may_invite(invitation: Invitation) -> bool:
    """Tell whether whoever made it may still ask somebody to be that."""
    inviter = invitation.inviter
    if inviter.tenant_id != invitation.tenant_id:
        return False
    role = inviter.role
    return role == MemberRole.OWNER or (role == MemberRole.ADMIN and invitation.role in INVITED)
