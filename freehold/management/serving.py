"""What some of Django's commands do otherwise in a service's process: migrations that wait, users it may not write."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections

from freehold.acting.refusals import describe_owner, refuse_write
from freehold.acting.reporting import expecting_refusal
from freehold.errors import FreeholdError, ServiceError
from freehold.migrator.session import with_public_in_sight
from freehold.ownership import get_ownership
from freehold.services import ALL
from freehold.services.router import find_acting

_REFUSED = "42501"  # insufficient_privilege (manual, appendix A)


class PendingMigrations(BaseCommand):
    """Stands before one of Django's commands that says which migrations wait."""

    def check_migrations(self) -> None:
        """Say it, where the service may know. A login without `public` in its search_path would find none applied."""
        connection = connections[DEFAULT_DB_ALIAS]
        try:
            sight = with_public_in_sight(connection) if connection.vendor == "postgresql" else nullcontext()
            with sight, expecting_refusal():
                super().check_migrations()
        except ServiceError:  # SQLite's authorizer
            return
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", None) != _REFUSED:
                raise


class AccountCommand(PendingMigrations, BaseCommand):
    """Stands before Django's command, and says at once where its service may not write users."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Do it, where the service may; refuse before anybody types a password.

        Raises:
            ServiceError: it may not. The message names the services that may.
        """
        table, found = get_user_model()._meta.db_table, find_acting(options["database"])
        if found and not found.rights.may_write(table):
            if not found.service:
                raise ServiceError(refuse_write(found, table))
            writers = " or ".join(_list_writers(table)) or "one that may, once the map has it"
            raise ServiceError(
                f"service {found.service} can't write to {table}, which belongs to {describe_owner(found, table)}: "
                f"run this command with SERVICE={writers}"
            )
        try:
            with expecting_refusal():  # which it says itself
                return super().execute(*args, **options)
        except ProgrammingError as error:
            diag: Any = getattr(error.__cause__, "diag", None)
            if isinstance(error, FreeholdError) or not diag or diag.sqlstate != _REFUSED:
                raise
            raise ServiceError(". ".join(filter(None, (diag.message_primary, diag.message_hint)))) from error


def _list_writers(table: str) -> list[str]:
    ownership = get_ownership()
    schema = table.partition(".")[0] if "." in table else "public"
    able = [service.name for service in ownership.services if schema in service.writes]
    commands = ownership.find_commands_service()
    return [*able, ALL] if ownership.combined and commands and commands.name in able else able
