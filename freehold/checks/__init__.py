"""System checks. docs/checks.md has an entry for each id; `manage.py check --tag freehold` runs them alone.

Each module registers its checks when it is imported, as Django's own do.
"""

from freehold.checks import (
    cascades as cascades,
    contract_names as contract_names,
    coverage as coverage,
    indexes as indexes,
    installation as installation,
    locks as locks,
    max_migration as max_migration,
    old_names as old_names,
    policy_circles as policy_circles,
    policy_places as policy_places,
    pools as pools,
    proofs as proofs,
    row_policies as row_policies,
    server as server,
    table_names as table_names,
    versions as versions,
)
from freehold.checks.subjects import TAG as TAG
