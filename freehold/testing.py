"""For tests of projects that are built on the engine: docs/testing.md and docs/rules.md show how a suite uses it.

`pytest_plugins = ["freehold.testing"]` gives the fixtures `as_service` and `migrator`; nothing else here needs pytest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import StateApps

from freehold.acting import ANONYMOUS, Acting, Principal
from freehold.services import acting_as
from freehold_lint.watcher import Crossing, CrossingError, Watch, watching

__all__ = ["Crossing", "CrossingError", "Watch", "act_as_service", "migrate_to", "refusing_crossings", "watching"]


@contextmanager
def refusing_crossings() -> Iterator[Watch]:
    """Fail at the block's end if a query inside it crossed schemas without a contract.

    Raises:
        CrossingError: one did; each is named with its service, table, owner and line of code.
    """
    with watching() as watch:
        yield watch
    watch.check()


def act_as_service(service: str, who: Any = None, *, request_id: str = "") -> AbstractContextManager[Acting]:
    """Give a block that runs as a service: for a user (a row of any model), a principal, or for nobody.

    Where the map has proofs the database makes a ticket, as for `acting_as`: the user is one that it knows by now.
    """
    if who is None:
        return acting_as(service, ANONYMOUS, request_id=request_id)
    is_principal = isinstance(who, Principal) or hasattr(who, "proof")
    return acting_as(service, who if is_principal else Principal("user", user_id=str(who.pk)), request_id=request_id)


def migrate_to(app: str, name: str, *, using: str = DEFAULT_DB_ALIAS) -> StateApps:
    """Migrate an app up or down to one of its migrations, or to "zero", as `manage.py migrate` does: as the owners,
    each written down. Give the models as they are there, none for zero. It can't run inside a transaction.
    """
    call_command("migrate", app, name, database=using, verbosity=0)
    loader = MigrationLoader(None)
    if name == "zero":
        return loader.project_state([]).apps
    return loader.project_state((app, loader.get_migration_by_prefix(app, name).name)).apps


try:
    import pytest
except ImportError:  # a suite of another kind calls `act_as_service`
    pass
else:

    @pytest.fixture
    def as_service() -> Callable[..., AbstractContextManager[Acting]]:
        """Give `act_as_service`: `with as_service("api", user): …`."""
        return act_as_service

    @pytest.fixture
    def migrator() -> Iterator[Callable[..., StateApps]]:
        """Give `migrate_to`: `before = migrator("items", "0003")`. After the test all is applied again that was not."""
        used: set[str] = set()

        def migrate(app: str, name: str, *, using: str = DEFAULT_DB_ALIAS) -> StateApps:
            used.add(using)
            return migrate_to(app, name, using=using)

        yield migrate
        for alias in sorted(used):
            call_command("migrate", database=alias, verbosity=0)
