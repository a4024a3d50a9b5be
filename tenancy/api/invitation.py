"""Invitations: whom members ask to join, and what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from msgspec import Meta
from msgspec.structs import asdict

from freehold.api import USERS, Body, Bounded, Endpoint, Path, ProblemError, Query, Text, operation, route
from freehold.queries import Page
from tenancy.api.answers import ETAG, Email, InTenantQuery, Role, answer_found, get_found, place, seeking
from tenancy.services import invitation as services
from tenancy.services.invitation_letter import NotSentError, send_invitation
from tenancy.sql import invitation, membership

Expiry = Annotated[datetime, Meta(tz=True, description="Within 90 days; by default in seven")]
ONCE: Final = {"Cache-Control": "Nobody keeps it", "Location": "Where it is, without its secret"}


class NewInvitation(Bounded):
    """Whom to ask, and as what."""

    tenant_id: UUID
    email: Email
    role: Role = "member"
    expires_at: Expiry | None = None


class IssuedInvitation(invitation.FindInvitationRow, frozen=True):
    """A new invitation. `secret` is shown this once; null where a letter took it to the address, and to nobody else."""

    secret: str | None


class Answer(Bounded):
    """What shows whom the invitation is for."""

    secret: Annotated[Text, Meta(min_length=1, max_length=200)]


class InvitationPath(msgspec.Struct):
    """Which invitation."""

    invitation_id: UUID


class Invitations(Endpoint):
    """Invitations to the tenants in which whoever asks is an owner or admin."""

    @operation(
        Page[invitation.ListInvitationsRow], name="list_invitations", tag="invitations", auth=USERS, errors=[422]
    )
    def get(self, parsed_query: Query[InTenantQuery]) -> HttpResponse:
        """Give a page of them, the newest first, without their secrets."""
        asked = parsed_query
        found = invitation.list_invitations_json(tenant_id=asked.tenant, after=asked.after, limit=asked.limit)
        return self.answer(found)

    @operation(
        IssuedInvitation, name="invite", tag="invitations", auth=USERS, status=201, keeps="place",
        errors=[404, 413, 415, 422], headers=ONCE,
    )  # fmt: skip
    def post(self, parsed_body: Body[NewInvitation]) -> HttpResponse:
        """Ask an address to join, as an owner; as an admin, to be a member or viewer. An open one for it ends."""
        with seeking(), explaining():
            issued = services.invite(user_id=self.get_user_id(), **asdict(parsed_body))
        if settings.SENDS_MAIL:
            send(issued, self.request)
        row = get_found(invitation.find_invitation(id=issued.invitation.pk))
        secret = None if settings.SENDS_MAIL else issued.text
        headers = {"Cache-Control": "no-store", **place("invitation", row.id)}
        return self.answer(IssuedInvitation(**asdict(row), secret=secret), status=201, headers=headers)


class OneInvitation(Endpoint):
    """An invitation."""

    @operation(
        invitation.FindInvitationRow, name="get_invitation", tag="invitations", auth=USERS, errors=[404, 422]
    )  # fmt: skip
    def get(self, parsed_path: Path[InvitationPath]) -> HttpResponse:
        """Give one, without its secret."""
        return self.answer(get_found(invitation.find_invitation(id=parsed_path.invitation_id)))

    @operation(name="revoke_invitation", tag="invitations", auth=USERS, status=204, errors=[404, 422])
    def delete(self, parsed_path: Path[InvitationPath]) -> HttpResponse:
        """Take it back, or forget what was answered; as an admin, those that an admin may make."""
        with seeking():
            services.revoke_invitation(invitation_id=parsed_path.invitation_id)
        return self.answer(status=204)


class Accepting(Endpoint):
    """What whoever was invited says."""

    @operation(
        membership.FindMembershipRow, name="accept_invitation", tag="invitations", auth=USERS,
        errors=[404, 413, 415, 422], headers=ETAG,
    )  # fmt: skip
    def post(self, parsed_body: Body[Answer]) -> HttpResponse:
        """Join the tenant, with the account of the address that was invited."""
        made = answer_as(self, parsed_body.secret, accepts=True)
        return answer_found(self, membership.find_membership(id=made) if made else None)


class Declining(Endpoint):
    """What whoever was invited says."""

    @operation(name="decline_invitation", tag="invitations", auth=USERS, status=204, errors=[404, 413, 415, 422])
    def post(self, parsed_body: Body[Answer]) -> HttpResponse:
        """Decline: nobody accepts it any more."""
        answer_as(self, parsed_body.secret, accepts=False)
        return self.answer(status=204)


def answer_as(endpoint: Endpoint, text: str, *, accepts: bool) -> UUID | None:
    """Answer an invitation as whoever asks; give the membership that was made.

    Raises:
        ProblemError: 404, 403 or 409, with the reason.
    """
    with explaining():
        return services.answer_invitation(user_id=endpoint.get_user_id(), text=text, accepts=accepts)


@contextmanager
def explaining() -> Iterator[None]:
    """Answer with the reason for which an invitation could not be made or answered."""
    try:
        yield
    except services.UnknownInvitationError as error:
        raise ProblemError(404, str(error)) from error
    except services.AnotherAddressError as error:
        raise ProblemError(403, str(error)) from error
    except (services.AlreadyMemberError, services.KeptInvitationError) as error:
        raise ProblemError(409, str(error)) from error


def send(issued: services.IssuedInvitation, request: HttpRequest) -> None:
    """Send the letter; where none leaves, the invitation ends.

    Raises:
        ProblemError: 503.
    """
    page = request.build_absolute_uri(reverse("tenancy:invitation", args=[issued.text]))
    try:
        send_invitation(issued=issued, site=request.build_absolute_uri("/"), page=page)
    except NotSentError as error:
        services.revoke_invitation(invitation_id=issued.invitation.pk)
        raise ProblemError(503, str(error)) from error


ROUTES = [
    route("invitations", Invitations.as_view(), name="invitations"),
    route("invitations/accept", Accepting.as_view(), name="accept-invitation"),
    route("invitations/decline", Declining.as_view(), name="decline-invitation"),
    route("invitations/<uuid:invitation_id>", OneInvitation.as_view(), name="invitation"),
]
