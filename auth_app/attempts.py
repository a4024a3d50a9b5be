"""Counts attempts to sign in and letters asked for, so that nobody tries many. docs/limits.md, Sign-in

Three counters hold an attempt: one of its address, one of the account from that address, and a wider one of the account
from everywhere. The last could be used up by strangers: a browser that has signed in to the account before has a cookie
that says so, is counted by that and not by the last, and stays in (OWASP calls it a device cookie).
"""

from __future__ import annotations

import hashlib
import math
import secrets
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from freehold import limits
from freehold.limits.middleware import find_address
from freehold.limits.refusals import REFUSALS
from freehold.limits.values import Limit, parse_limits
from freehold.logs import mark_logged

COOKIE: Final = "known"
COOKIE_AGE: Final = 7_776_000  # seconds: 90 days
LONGEST: Final = 300  # characters of the cookie
LONGEST_NAME: Final = 254  # characters of an address (RFC 5321)
_SIGNER: Final = "auth_app.attempts"
Answer = Callable[[], HttpResponse]
Counted = tuple[str, str]  # the limit's name, and whom it is about


def limit_sign_in(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Answer an attempt to sign in, or say that these were too many. The counters are asked before the password is:
    of a hundred attempts at once none has failed yet.

    Raises:
        LimitsError: the counters can't be reached.
    """
    account = normalize(request.POST.get("username", ""))
    known = find_known(request, account)
    refused = take(list_counted(find_address(request), account, known))
    if refused:
        return refuse(request, refused)
    response = answer()
    if response.status_code == HTTPStatus.FOUND and normalize(request.user.get_username()) == account:
        limits.forget("sign_in:account_address", find_whose(find_address(request), account, known))
        remember(response, known or f"{make_digest(account)}:{secrets.token_hex(8)}")
    return response


def limit_letters(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Answer whoever asks for a letter with a link to a new password, or say that these were too many from there."""
    address = find_address(request)
    refused = take([("letters_address", address)] if address else [])
    return refuse(request, refused) if refused else answer()


def may_send_letter(email: str) -> bool:
    """Tell whether a letter may leave to an address; who asked is not told."""
    return not take([("letters", normalize(email))])


def list_counted(address: str, account: str, known: str) -> Iterator[Counted]:
    """Give what an attempt counts for."""
    if address:
        yield "address", address
    if address or known:
        yield "account_address", find_whose(address, account, known)
    if not known:
        yield "account", account


def find_whose(address: str, account: str, known: str) -> str:
    """Give whom the second counter is about: a browser that is known, or the account from an address."""
    return known or f"{make_digest(account)}@{address}"


def take(counted: Iterator[Counted] | list[Counted]) -> int:
    """Count an attempt, by each until one refuses; give the seconds that one still lasts, 0 where none does."""
    found = read_limits()
    for name, whose in counted:
        if name in found:
            taken = limits.take(f"sign_in:{name}", whose, found[name], is_strict=True)
            if not taken.is_allowed:
                return taken.seconds
    return 0


def read_limits() -> dict[str, Limit]:
    """Give `settings.SIGN_IN_LIMITS`."""
    texts: Mapping[str, str] = getattr(settings, "SIGN_IN_LIMITS", {})
    return parse_limits(texts)


def refuse(request: HttpRequest, seconds: int) -> HttpResponse:
    """Give the page that says when to come again. It is the same whether there is such an account."""
    REFUSALS.add()
    response = render(request, "auth_app/too_many.html", {"minutes": math.ceil(seconds / 60)}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return mark_logged(response)


def normalize(name: str) -> str:
    """Give the same for each way to write an account's name that signs in to it, and for some more. A database may take
    a capital I with a dot for an i. No account has a longer name, and normalizing takes the square of what is given."""
    return unicodedata.normalize("NFKC", name[:LONGEST_NAME]).replace("\u0130", "i").strip().casefold()


def make_digest(account: str) -> str:
    """Give what stands for an account in the cookie."""
    return hashlib.sha256(account.encode(errors="surrogatepass")).hexdigest()[:32]


def find_known(request: HttpRequest, account: str) -> str:
    """Give the name of the browser, if it has signed in to the account lately; else nothing."""
    text = request.COOKIES.get(COOKIE, "")
    try:
        found = TimestampSigner(salt=_SIGNER).unsign(text, max_age=COOKIE_AGE) if len(text) <= LONGEST else ""
    except BadSignature:
        return ""
    return found if found.startswith(f"{make_digest(account)}:") else ""


def remember(response: HttpResponse, known: str) -> None:
    """Let the browser be known by its name."""
    response.set_cookie(
        COOKIE,
        TimestampSigner(salt=_SIGNER).sign(known),
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
