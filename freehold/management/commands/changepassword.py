"""`manage.py changepassword`: Django's, in the process of each service that may write users."""

from __future__ import annotations

from django.contrib.auth.management.commands import changepassword as stock

from freehold.management.serving import AccountCommand


class Command(AccountCommand, stock.Command):
    """Takes the same options. The engine comes first in INSTALLED_APPS, so that this one runs."""
