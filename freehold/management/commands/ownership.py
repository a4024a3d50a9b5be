"""`manage.py ownership`: shows the map, and makes a server what it says."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any, cast

from django.core.management import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.extras import needing_extra
from freehold.ownership import Ownership, get_ownership
from freehold.ownership.administration import bootstrap_database, get_passfile, list_unknown_logins
from freehold.ownership.document import build_document


class Command(BaseCommand):
    """Reads the map of `settings.OWNERSHIP`."""

    help = "Show the ownership map, or make the database what it says."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        show = commands.add_parser("show", help="print schemas, owners, services, apps and what crosses; no database")
        show.add_argument("--format", choices=("table", "json"), default="table", help="how to print it")
        bootstrap = commands.add_parser(
            "bootstrap", help="make roles, schemas and rights; a second time there is nothing to do"
        )
        bootstrap.add_argument(
            "--admin-url",
            default="",
            metavar="URL",
            help="who makes them: a superuser, or the database's owner with CREATEROLE (postgresql://USER:PASSWORD@HOST"
            "/DATABASE); by default the embedded server's superuser, or DATABASE_URL's own user",
        )
        bootstrap.add_argument(
            "--passfile", type=Path, help="where the logins' passwords are kept; by default var/pgpass of the project"
        )
        bootstrap.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="which database"
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        ownership = get_ownership()
        if action == "show":
            self.show(ownership, options["format"])
        else:
            self.bootstrap(ownership, connections[options["database"]], options)

    def show(self, ownership: Ownership, style: str) -> None:
        """Print the map; as JSON it stays within ASCII and ends in one line break."""
        if style == "json":
            self.stdout.write(json.dumps(build_document(ownership), indent=2))
            return
        with needing_extra("commands"):
            from rich.console import Console

            from freehold.ownership.tables import build_tables
        terminal = self.stdout.isatty()
        console = Console(file=cast("IO[str]", self.stdout._out), highlight=False, width=None if terminal else 160)
        console.print(build_tables(ownership))

    def bootstrap(self, ownership: Ownership, connection: BaseDatabaseWrapper, options: dict[str, Any]) -> None:
        """Put roles, schemas and rights in place; say what was done."""
        if connection.vendor != "postgresql":
            self.say(options, f"Nothing to do: {connection.vendor} has no roles and no schemas.")
            return
        passfile = options["passfile"] or get_passfile(connection)
        done = bootstrap_database(connection, ownership, admin_url=options["admin_url"], passfile=passfile)
        for line in done:
            self.say(options, f"  {line}")
        self.say(options, f"{len(done)} changes." if done else "Nothing to do: roles, schemas and rights are in place.")
        if unknown := list_unknown_logins(connection, ownership, passfile):
            self.say(options, f"{passfile} has no password of {', '.join(unknown)}: made elsewhere, left as they are.")

    def say(self, options: dict[str, Any], line: str) -> None:
        """Print a line, unless --verbosity 0 asks for silence."""
        if options["verbosity"] > 0:
            self.stdout.write(line)
