"""Ends sessions."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from auth_app.models import Session


def end_sessions(*, sessions: Iterable[Session]) -> int:
    """End the sessions and give how many there were still; whoever held one is signed out at the next request."""
    with transaction.atomic():
        count, _ = Session.objects.filter(pk__in=[each.pk for each in sessions]).delete()
    return count
