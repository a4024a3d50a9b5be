"""`manage.py runserver`: Django's, or that of `staticfiles`, for a login that the database holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.management.commands import runserver as stock
from django.db import ProgrammingError

from freehold import startup
from freehold.errors import ServiceError

if TYPE_CHECKING or not apps.is_installed("django.contrib.staticfiles"):
    Base = stock.Command
else:
    from django.contrib.staticfiles.management.commands import runserver as static

    Base = static.Command

REFUSED = "42501"  # insufficient_privilege (manual, appendix A)


class Command(Base):
    """Takes the same options. The engine comes first in INSTALLED_APPS, so that this one runs."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Look at the login, then serve. Here, and not in the thread that serves and that no error ends."""
        startup.start()
        return super().handle(*args, **options)

    def check_migrations(self) -> None:
        """Say which migrations wait, where the service may know: not every one reads what was applied."""
        try:
            super().check_migrations()
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", None) != REFUSED and not isinstance(error, ServiceError):
                raise
