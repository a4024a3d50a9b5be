"""Compares what is declared with what a server holds: `compare` gives each difference once, missing and extra alike."""

from __future__ import annotations

from collections.abc import Iterator

from freehold.rights.changes import Desk, Drift
from freehold.rights.comparison.guards import iter_guard_drift
from freehold.rights.comparison.places import iter_owner_drift, iter_schema_drift
from freehold.rights.comparison.policies import iter_policy_drift, iter_security_drift
from freehold.rights.comparison.rights import iter_default_drift, iter_grant_drift, iter_owner_right_drift
from freehold.rights.comparison.roles import iter_membership_drift, iter_role_drift, iter_setting_drift
from freehold.rights.comparison.views import iter_view_drift

PARTS = (
    iter_role_drift,
    iter_membership_drift,
    iter_setting_drift,
    iter_schema_drift,
    iter_owner_drift,
    iter_view_drift,
    iter_security_drift,
    iter_policy_drift,
    iter_grant_drift,
    iter_owner_right_drift,
    iter_guard_drift,
    iter_default_drift,
)

__all__ = ["Desk", "Drift", "compare"]


def compare(desk: Desk) -> Iterator[Drift]:
    """Yield every difference; none where the server holds what is declared, and nothing else."""
    for part in PARTS:
        yield from part(desk)
