"""Compares what is declared with what a server holds, each kind of thing in a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import psycopg

from freehold.ownership.map import Ownership
from freehold.rights.comparison.borrowed import iter_borrowed_drift
from freehold.rights.comparison.crossing_keys import iter_key_drift
from freehold.rights.comparison.grants import iter_default_drift, iter_grant_drift, iter_owner_right_drift
from freehold.rights.comparison.guards import iter_guard_drift
from freehold.rights.comparison.memberships import iter_membership_drift, iter_role_drift, iter_setting_drift
from freehold.rights.comparison.owned_objects import iter_owner_drift, iter_schema_drift
from freehold.rights.comparison.policies import iter_policy_drift, iter_security_drift
from freehold.rights.comparison.structure import iter_structure_drift
from freehold.rights.comparison.views import iter_view_drift
from freehold.rights.declared import declare
from freehold.rights.drift import Comparison
from freehold.rights.exposures import find_exposures
from freehold.rights.inspection import inspect_catalogue

_PARTS = (
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
    iter_structure_drift,
    iter_default_drift,
    iter_borrowed_drift,
    iter_key_drift,
)


def compare(
    cursor: psycopg.Cursor,
    ownership: Ownership,
    *,
    with_models: bool = True,
    is_known: Callable[[Comparison], bool] = lambda comparison: False,
) -> Comparison:
    """Hold the server against what is declared; nothing differs where it holds that and nothing else.

    Inside a transaction: the catalogue is read once, in a fixed number of queries. Without models, the map alone
    is what is declared. Where `is_known` tells of the two sides that they were found to be the same before, they are
    not compared again.
    """
    declared = declare(ownership, cursor.connection.info.dbname, with_models=with_models)
    found = inspect_catalogue(cursor, ownership)
    declared = declared.with_waiting(found.row_security)
    protected = [place for place, each in declared.row_security.items() if each.enabled]
    declared = replace(declared, exposures=find_exposures(found.readings, protected))
    comparison = Comparison(declared, found)
    if not is_known(comparison):
        comparison.drifts.extend(drift for part in _PARTS for drift in part(comparison))
    return comparison
