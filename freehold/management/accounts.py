"""What commands about accounts have in common: `createsuperuser` and `changepassword` in a service's process."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand

from freehold.acting.refusals import describe_owner, refuse_write
from freehold.errors import ServiceError
from freehold.management.pending import PendingMigrations
from freehold.ownership import get_ownership
from freehold.services import ALL
from freehold.services.router import find_acting


class AccountCommand(PendingMigrations, BaseCommand):
    """Stands before Django's command, and says at once where its service may not write users."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Do it, where the service may.

        Raises:
            ServiceError: it may not.
        """
        _check_may_write(get_user_model()._meta.db_table, options["database"])
        return super().execute(*args, **options)


def _check_may_write(table: str, alias: str) -> None:
    """Refuse a service that may not write the table, before anybody types a password.

    Raises:
        ServiceError: it may not. The message names the services that may.
    """
    found = find_acting(alias)
    if found and not found.rights.may_write(table):
        if not found.service:
            raise ServiceError(refuse_write(found, table))
        raise ServiceError(
            f"service {found.service} can't write to {table}, which belongs to {describe_owner(found, table)}: "
            f"run this command with SERVICE={' or '.join(_list_writers(table)) or 'one that may, once the map has it'}"
        )


def _list_writers(table: str) -> list[str]:
    """Give the services that may write the table, and `all` where commands act as one of them."""
    ownership = get_ownership()
    schema = table.partition(".")[0] if "." in table else "public"
    able = [service.name for service in ownership.services if schema in service.writes]
    commands = ownership.find_commands_service()
    return [*able, ALL] if ownership.combined and commands and commands.name in able else able
