"""Migrations that wait, for commands of a service: not every one may read what was applied."""

from __future__ import annotations

from django.core.management import BaseCommand
from django.db import ProgrammingError

from freehold.errors import ServiceError

REFUSED = "42501"  # insufficient_privilege (manual, appendix A)


class PendingMigrations(BaseCommand):
    """Stands before one of Django's commands that says which migrations wait."""

    def check_migrations(self) -> None:
        """Say it, where the service may know."""
        try:
            super().check_migrations()
        except ServiceError:  # SQLite's authorizer
            return
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", None) != REFUSED:
                raise
