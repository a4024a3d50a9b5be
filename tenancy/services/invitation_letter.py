"""Sends an invitation's secret to the address that it is for."""

from __future__ import annotations

import logging
from typing import Final

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from freehold import FreeholdError
from tenancy.models import Tenant
from tenancy.services.invitation import IssuedInvitation

logger = logging.getLogger(__name__)
TEXT: Final = "tenancy/invitation.txt"


class NotSentError(FreeholdError):
    """A letter was not sent."""


def send_invitation(*, issued: IssuedInvitation, site: str, page: str) -> None:
    """Send the letter. `site` and `page`, where it is answered, are addresses, with the host.

    Raises:
        NotSentError: the mail server does not take it.
    """
    invitation = issued.invitation
    tenant = " ".join(Tenant.objects.get(pk=invitation.tenant_id).name.split())
    words = {"tenant": tenant, "email": invitation.email, "role": invitation.get_role_display()}
    places = {"site": site, "page": page, "until": invitation.expires_at}
    subject = _("Invitation to %(tenant)s") % {"tenant": tenant}
    try:
        EmailMessage(subject, render_to_string(TEXT, {**words, **places}), None, [invitation.email]).send()
    except Exception as error:  # a mail backend raises what it likes
        logger.warning("invitation %s was not sent: %s", invitation.pk, type(error).__name__)
        raise NotSentError(_("The mail server does not take the letter.")) from error
