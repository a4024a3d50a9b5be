"""`manage.py servicetoken NAME --tenant SLUG`: a token of a tenant's own service. docs/runs.md"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from freehold import acting_as
from tenancy.models import ServiceToken, Tenant
from tenancy.services.service_token import PREFIX, TokenError, keep_token, revoke_tokens

VARIABLE: Final = "SERVICE_TOKEN"
MAKE: Final = f'{VARIABLE}="{PREFIX}$(openssl rand -hex 32)"'


class Command(BaseCommand):
    """Works as the back office. The text comes from the environment: command lines are seen by everybody."""

    help = "Let a text from the environment be a service token, which reports runs of a tenant and does nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", nargs="?", help="whose token it is; several may be good at once")
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="whose runs it reports")
        parser.add_argument("--from-env", metavar="VARIABLE", help=f"where the text is ({VARIABLE})")
        actions = parser.add_mutually_exclusive_group()
        actions.add_argument("--revoke", action="store_true", help="end all of NAME, or with --from-env the one text")
        actions.add_argument("--list", action="store_true", help="show those of the tenant, or of NAME")

    def handle(self, *args: Any, name: str | None, tenant: str, from_env: str | None, **options: Any) -> None:
        with acting_as("admin"):
            found = Tenant.objects.filter(slug=tenant).first()
            if found is None:
                raise CommandError(f"--tenant {tenant}: there is no such tenant")
            if options["list"]:
                self.list_tokens(found, name)
            elif not name:
                raise CommandError("NAME is missing: whose token is it?")
            elif options["revoke"]:
                self.revoke(found, name, from_env)
            else:
                self.keep(found, name, from_env or VARIABLE)

    def keep(self, tenant: Tenant, name: str, variable: str) -> None:
        """Write the digest, and say whether it is new.

        Raises:
            CommandError: it is no token, with the reason.
        """
        try:
            is_new = keep_token(tenant=tenant, name=name, text=read_variable(variable))
        except TokenError as error:
            raise CommandError(f"{variable}: {error}") from None
        except ValidationError as error:
            raise CommandError(f"NAME: {' '.join(error.messages)}") from None
        words = "reports runs from now on" if is_new else "was there already; nothing changed"
        self.stdout.write(f"The token {name} of {tenant.slug} {words}.")

    def revoke(self, tenant: Tenant, name: str, variable: str | None) -> None:
        """End tokens.

        Raises:
            CommandError: there is none to end.
        """
        count = revoke_tokens(tenant=tenant, name=name, text=read_variable(variable) if variable else "")
        if not count:
            raise CommandError(f"{tenant.slug} has no such token {name} that is good")
        self.stdout.write(f"{count} of {name} of {tenant.slug} revoked.")

    def list_tokens(self, tenant: Tenant, name: str | None) -> None:
        """Show a line for each."""
        rows = ServiceToken.objects.filter(tenant=tenant).order_by("name", "created_at", "pk")
        for each in rows.filter(name=name) if name else rows:
            state = f"revoked {each.revoked_at:%Y-%m-%d}" if each.revoked_at else "good"
            used = f"last used {each.last_used_at:%Y-%m-%d %H:%M}" if each.last_used_at else "never used"
            self.stdout.write(f"{each.name}: {state}, made {each.created_at:%Y-%m-%d %H:%M}, {used}")


def read_variable(name: str) -> str:
    """Give the text in the environment.

    Raises:
        CommandError: there is none.
    """
    text = os.environ.get(name, "")
    if not text:
        raise CommandError(f"{name} is not set, or empty: put the token there, such as {MAKE}")
    return text
