"""W034: a process's pool has no more connections than its login may have."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.checks import CheckMessage, Warning as CheckWarning
from django.db import connections

from freehold.checks.subjects import AppConfigs, check_of_owners
from freehold.databases.entries import name_entry
from freehold.databases.pools import OPTION, get_largest
from freehold.ownership import Ownership
from freehold.ownership.limits import get_connections


@check_of_owners
def _check_pools(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """W034: of what the pool would open, PostgreSQL refuses what is over the login's limit."""
    limits = {service.login: (service.name, get_connections(service)) for service in ownership.services}
    for alias in connections:
        options = connections[alias].settings_dict["OPTIONS"]
        name, limit = limits.get(connections[alias].settings_dict["USER"], ("", -1))
        if not (options.get("schemas") and options.get(OPTION)) or limit < 0:
            continue
        if (size := get_largest(options[OPTION])) > limit:
            yield CheckWarning(
                f"The pool of the database {alias!r} may open {size} connections, and the ownership map gives service "
                f"{name} {limit}, for all its processes together.",
                hint=f"Make max_size of the pool in {name_entry(connections[alias])} smaller, so that max_size times "
                f"the processes stays below, or give Service({name!r}, connections=…) more.",
                obj=alias,
                id="freehold.W034",
            )
