"""The page of an invitation, which its letter leads to: whoever was invited sees to what, and answers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from freehold import FreeholdError
from freehold.printable import UNPRINTABLE
from tenancy.access import MemberRole
from tenancy.services.invitation import answer_invitation
from tenancy.services.shown_invitation import show_invitation as show

# An account that is not the address's learns neither whose the invitation is nor to what.
STATUSES: Final = {
    "open": HTTPStatus.OK,
    "member": HTTPStatus.OK,
    "declined": HTTPStatus.OK,
    "answered": HTTPStatus.GONE,
    "expired": HTTPStatus.GONE,
    "another": HTTPStatus.FORBIDDEN,
    "unknown": HTTPStatus.NOT_FOUND,
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def show_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation to whoever is signed in, or why there is none for them; and take their answer."""
    user_id: Any = request.user.pk
    answer = request.POST.get("answer")
    if answer in ("accept", "decline"):
        try:
            answer_invitation(user_id=UUID(str(user_id)), text=secret, accepts=answer == "accept")
        except FreeholdError:
            pass  # the page says what it is now
        else:
            return redirect(request.path) if answer == "accept" else _show(request, {"state": "declined"})
    found = show(user_id=UUID(str(user_id)), text=secret)
    words = {"tenant": UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", found.tenant or "")}
    role = MemberRole(found.role).label if found.role else ""
    return _show(request, {"state": found.state, "role": role, "expires_at": found.expires_at, **words})


def _show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "tenancy/invitation.html", context, status=STATUSES[context["state"]])
