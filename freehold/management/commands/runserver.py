"""`manage.py runserver`: Django's, or that of `staticfiles`, for a login that the database holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.management.commands import runserver as stock

from freehold.management.serving import PendingMigrations
from freehold.services import startup

if TYPE_CHECKING or not apps.is_installed("django.contrib.staticfiles"):
    Base = stock.Command
else:
    from django.contrib.staticfiles.management.commands import runserver as static

    Base = static.Command


class Command(PendingMigrations, Base):
    """Takes the same options. The engine comes first in INSTALLED_APPS, so that this one runs."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Look at the login, then serve. Here, and not in the thread that serves and that no error ends."""
        startup.start()
        return super().handle(*args, **options)
