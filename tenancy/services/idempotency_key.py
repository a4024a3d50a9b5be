"""Keeps what was said of requests that may be sent again: `settings.IDEMPOTENCY_STORE` (docs/api-v1.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from freehold import Principal
from tenancy.models import IdempotencyKey
from tenancy.models.idempotency_key import KEPT_FOR, LONGEST_BODY
from tenancy.queries import find_project

SWEPT: Final = 50  # rows of whoever asks, before their next request
BATCH: Final = 5_000
LARGEST_BATCH: Final = 10_000  # each is a parameter of a statement
TRIES: Final = 3


class KeptAnswers:
    """Keys of whoever acts: a user's, or those of an API key's project. `longest` is of a body, in characters."""

    longest = LONGEST_BODY

    def __init__(self, principal: Principal) -> None:
        self.principal = principal

    @cached_property
    def owner(self) -> dict[str, Any]:
        """Whose the keys are: the column, and its value.

        Raises:
            PermissionDenied: nobody's.
        """
        if self.principal.user_id:
            return {"user_id": self.principal.user_id}
        project_id = find_project() if self.principal.kind == "api_key" else None
        if project_id is None:
            raise PermissionDenied
        return {"project_id": project_id}

    def sweep(self, key: str) -> None:
        """Delete some that have expired, the key at hand first. What another request sweeps is left to it."""
        at_hand = Case(When(key=key, then=Value(0)), default=Value(1))
        with transaction.atomic():
            _delete_expired(self._list_own(), at_hand, "expires_at", most=SWEPT)

    def claim(self, key: str, fingerprint: str) -> IdempotencyKey | None:
        """Take the key, None; or give what it was used for. Another transaction that has it at hand is waited for.

        Raises:
            IntegrityError: others take it and delete it, time and again.
        """
        for _ in range(TRIES):
            now = timezone.now()
            new = IdempotencyKey(
                **self.owner, key=key, fingerprint=fingerprint, created_at=now, expires_at=now + KEPT_FOR
            )
            IdempotencyKey.objects.bulk_create([new], ignore_conflicts=True)
            found = self._list_own().filter(key=key).first()
            if found:  # not where it has just expired and been swept
                return None if found.pk == new.pk else found
        raise IntegrityError("app.idempotency_keys: the key is neither free nor taken")

    def keep(self, key: str, *, status: int | None, headers: Mapping[str, str], body: str | None) -> None:
        """Keep what was said, in the transaction that took the key."""
        self._list_own().filter(key=key).update(status=status, headers=dict(headers), body=body)

    def _list_own(self) -> QuerySet[IdempotencyKey]:
        return IdempotencyKey.objects.filter(**self.owner)


def prune_keys(*, batch: int = BATCH, using: str = DEFAULT_DB_ALIAS) -> Iterator[int]:
    """Delete what has expired, and yield after each batch, which is a transaction, how many. For the back office."""
    while True:
        with transaction.atomic(using=using):
            count = _delete_expired(IdempotencyKey.objects.using(using), "expires_at", most=batch)
        if not count:
            return
        yield count


def _delete_expired(keys: QuerySet[IdempotencyKey], *order: Any, most: int) -> int:
    """Choose first: PostgreSQL may ask a sub-select that locks rows more than once, and each time it chooses others."""
    expired = keys.filter(expires_at__lte=timezone.now()).order_by(*order).select_for_update(skip_locked=True)
    chosen = list(expired.values_list("pk", flat=True)[:most])
    return keys.filter(pk__in=chosen).delete()[0] if chosen else 0
