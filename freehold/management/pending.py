"""Migrations that wait, for commands of a service: not every one may read what was applied."""

from __future__ import annotations

from contextlib import nullcontext

from django.core.management import BaseCommand
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections

from freehold.errors import ServiceError
from freehold.migrator.session import with_public_in_sight

_REFUSED = "42501"  # insufficient_privilege (manual, appendix A)


class PendingMigrations(BaseCommand):
    """Stands before one of Django's commands that says which migrations wait."""

    def check_migrations(self) -> None:
        """Say it, where the service may know. A login without `public` in its search_path would find none applied."""
        connection = connections[DEFAULT_DB_ALIAS]
        try:
            with with_public_in_sight(connection) if connection.vendor == "postgresql" else nullcontext():
                super().check_migrations()
        except ServiceError:  # SQLite's authorizer
            return
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", None) != _REFUSED:
                raise
