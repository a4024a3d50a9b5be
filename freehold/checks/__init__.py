"""System checks. docs/checks.md has an entry for each id."""

from django.core import checks

from freehold.checks.columns import check_columns_whole
from freehold.checks.contracts import (
    check_contract_columns,
    check_contract_keys,
    check_contract_tables,
    check_foreign_keys,
)
from freehold.checks.coverage import check_services_covered, check_tables_protected
from freehold.checks.deletes import check_deletes
from freehold.checks.functions import check_functions
from freehold.checks.indexes import check_dots, check_names
from freehold.checks.installation import check_engine_first, check_map_installed, check_map_names_app
from freehold.checks.locks import check_lock, check_shared_columns
from freehold.checks.moves import check_moves
from freehold.checks.order import check_order
from freehold.checks.policies import check_policies
from freehold.checks.routes import check_routes
from freehold.checks.startup import check_logins
from freehold.checks.tables import check_bare_names_unique, check_schemas_known, check_tables_in_schema
from freehold.checks.versions import check_versions_counted

TAG = "freehold"


def register() -> None:
    """Register every check: `manage.py check --tag freehold` runs them alone."""
    for check in (
        check_tables_in_schema,
        check_bare_names_unique,
        check_map_names_app,
        check_map_installed,
        check_schemas_known,
        check_engine_first,
        check_columns_whole,
        check_contract_tables,
        check_contract_columns,
        check_contract_keys,
        check_foreign_keys,
        check_deletes,
        check_shared_columns,
        check_lock,
        check_dots,
        check_names,
        check_policies,
        check_services_covered,
        check_tables_protected,
        check_routes,
        check_moves,
        check_order,
        check_versions_counted,
    ):
        checks.register(check, TAG)
    checks.register(check_functions, TAG, checks.Tags.database)
    checks.register(check_logins, TAG, checks.Tags.database)
