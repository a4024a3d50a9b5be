"""Shows an invitation to whoever has its secret, before they answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from auth_app.models import User
from freehold.acting import acting
from tenancy.models import Invitation, Membership
from tenancy.services.api_key import get_proof, hash_key
from tenancy.services.invitation import may_invite


@dataclass(frozen=True)
class ShownInvitation:
    """What a secret shows to the account that asks. `state` is one of

    - `open`: it may be answered; `tenant`, `role` and `expires_at` say to what,
    - `member`: the account belongs to the `tenant` already,
    - `answered`, `expired`: it was, and the account is no member,
    - `another`: it is for another address,
    - `unknown`: there is none, or whoever made it may not any more.
    """

    state: str
    tenant: str | None = None
    role: str | None = None
    expires_at: datetime | None = None


def show_invitation(*, user_id: UUID, text: str) -> ShownInvitation:
    """Give what the secret shows to the user, who acts."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            query = "SELECT state, tenant, role, expires_at FROM app.look_at_invitation(%s)"
            cursor.execute(query, [get_proof(text)])
            return ShownInvitation(*cursor.fetchone())
    with acting(None):
        return _look(user_id, text)


def _look(user_id: UUID, text: str) -> ShownInvitation:
    """Do what app.look_at_invitation does, on a database without functions."""
    found = Invitation.objects.select_related("inviter", "tenant").filter(secret_hash=hash_key(text)).first()
    if found is None or found.inviter.tenant_id != found.tenant_id:
        return ShownInvitation("unknown")
    if found.email.lower() != User.objects.get(pk=user_id).email.lower():
        return ShownInvitation("another")
    if Membership.objects.filter(tenant_id=found.tenant_id, user_id=user_id).exists():
        return ShownInvitation("member", found.tenant.name)
    if found.accepted_at or found.declined_at:
        return ShownInvitation("answered")
    if found.expires_at <= timezone.now():
        return ShownInvitation("expired")
    if not may_invite(found):
        return ShownInvitation("unknown")
    return ShownInvitation("open", found.tenant.name, found.role, found.expires_at)
