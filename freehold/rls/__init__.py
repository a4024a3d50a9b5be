"""Row-level rules, declared beside their models: RLS on PostgreSQL, the ORM's filter on SQLite."""

from freehold.rls.calls import Holds, OneOf, stands_in_for
from freehold.rls.expressions import CurrentTenant, CurrentUser
from freehold.rls.policy import Policy
from freehold.rls.policy_sql import list_policies, list_row_security
from freehold.rls.relations import Has, Through, Within

__all__ = [
    "CurrentTenant",
    "CurrentUser",
    "Has",
    "Holds",
    "OneOf",
    "Policy",
    "Through",
    "Within",
    "list_policies",
    "list_row_security",
    "stands_in_for",
]
