"""Keeps the digests of service tokens, whose texts are made and kept elsewhere."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from freehold import FreeholdError
from freehold.printable import UNPRINTABLE
from tenancy.models import ServiceToken, Tenant
from tenancy.services.api_key import USE_NOTED, hash_key

PREFIX: Final = "fhs_"  # tells a token from a key and a JWT, and whoever finds one somewhere what it is
SHORTEST: Final = 32  # characters behind it
LONGEST: Final = 200  # with it
FEWEST_KINDS: Final = 10  # of characters: 32 random hexadecimal digits have more, but for once in 1,700 times
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]+")  # token68 of RFC 9110, 11.2, which a header can hold


class TokenError(FreeholdError):
    """A text is no token, or can't become this one."""


def check_text(text: str) -> None:
    """Look at a token's text.

    Raises:
        TokenError: it is none. The message holds nothing of it.
    """
    if not text.startswith(PREFIX):
        raise TokenError(f"a token begins with {PREFIX}")
    if not len(PREFIX) + SHORTEST <= len(text) <= LONGEST:
        raise TokenError(f"a token has at least {SHORTEST} characters behind {PREFIX}, and {LONGEST} with it at most")
    if not _TOKEN.fullmatch(text):
        raise TokenError("a token has letters, digits and . _ ~ + / = - and no other characters")
    if len(set(text.removeprefix(PREFIX))) < FEWEST_KINDS:
        raise TokenError(f"a token is random, and has at least {FEWEST_KINDS} different characters")


def keep_token(*, tenant: Tenant, name: str, text: str) -> bool:
    """Let the text be a token of the tenant; tell whether it is new. Others of the same name stay good.

    Raises:
        TokenError: it is no token, was revoked, or is another's.
        ValidationError: the name is wrong.
    """
    check_text(text)
    token = ServiceToken(tenant=tenant, name=name, token_hash=hash_key(text))
    token.clean_fields(exclude={"tenant"})
    if UNPRINTABLE.search(name):
        raise ValidationError({"name": "The name holds a character that can't be shown."})
    with transaction.atomic():
        found, is_new = ServiceToken.objects.get_or_create(
            token_hash=token.token_hash, defaults={"tenant": tenant, "name": name}
        )
    if (found.tenant_id, found.name) != (tenant.pk, name):
        raise TokenError("this text is the token of another name or tenant")
    if found.revoked_at:
        raise TokenError(f"this token was revoked on {found.revoked_at:%Y-%m-%d}, and stays so: make another")
    return is_new


def revoke_tokens(*, tenant: Tenant, name: str, text: str = "") -> int:
    """End the tokens of a name from now on, or the one of a text; give how many this call ended."""
    rows = ServiceToken.objects.filter(tenant=tenant, name=name, revoked_at=None)
    with transaction.atomic():
        return (rows.filter(token_hash=hash_key(text)) if text else rows).update(revoked_at=timezone.now())


def use_token(text: str) -> UUID | None:
    """Give the tenant whose token it is, and note the use: what app.use_service_token does, on SQLite."""
    found = ServiceToken.objects.filter(token_hash=hash_key(text), revoked_at=None).first()
    if found is None:
        return None
    now = timezone.now()
    unnoted = models.Q(last_used_at=None) | models.Q(last_used_at__lt=now - USE_NOTED)
    ServiceToken.objects.filter(unnoted, pk=found.pk).update(last_used_at=now)
    return found.tenant_id
