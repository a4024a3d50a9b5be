"""`manage.py ownership`: shows the map, makes a database what it says, and says what differs."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from django.core.management import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.cli.announcing import announce
from freehold.errors import FreeholdError, OwnershipError, needing_extra
from freehold.findings import STYLES, LookError, print_report
from freehold.ownership import Ownership, get_ownership
from freehold.ownership.document import build_document
from freehold.rights.administration import (
    bootstrap_database,
    change_passwords,
    connect_to_apply,
    get_passfile,
    get_service_host,
    list_unknown_logins,
)
from freehold.rights.alignment import Alignment, apply_ownership
from freehold.rights.execution import make_passwords
from freehold.rights.explanation import explain
from freehold.rights.look import TITLES, find_drift, look_for_plan
from freehold.rights.passwords import write_own_files
from freehold.rights.plan import MAX_REVOKES, check_max_revokes
from freehold.rights.script import comment, count, describe, write_script

UNSEEN = (
    "{} has no roles, owners, grants and policies to look at: nothing was compared, and exit status 0 says no more "
    "than that. DATABASE_URL=postgresql://… or embedded:./var/postgres names a database that has them"
)
ADMIN = (
    "who does it: a superuser, or the database's owner with CREATEROLE (postgresql://USER:PASSWORD@HOST/DATABASE); by "
    "default the embedded server's superuser, the user whom DATABASE_URL names, or the migrator"
)


class Command(BaseCommand):
    """Reads the map of `settings.OWNERSHIP`."""

    help = "Show the ownership map, make the database what it and the policies say, or say what differs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        show = commands.add_parser("show", help="print schemas, owners, services, apps and what crosses; no database")
        show.add_argument("--format", choices=("table", "json"), default="table", help="how to print it")
        bootstrap = commands.add_parser(
            "bootstrap", help="make roles, schemas and rights; a second time there is nothing to do"
        )
        plan = commands.add_parser("plan", help="print the SQL that `apply` would run; changes nothing")
        apply = commands.add_parser("apply", help="bring roles, rights and policies in line, in one transaction")
        check = commands.add_parser("check", help="say what differs: exit 0 nothing, 1 something, 2 could not look")
        check.add_argument("--format", choices=STYLES, default="text", help="how to print it")
        check.add_argument(
            "--anew", action="store_true", help="read all, also where nothing changed since the last look"
        )
        passwords = commands.add_parser(
            "passwords", help="give logins other passwords while services go on, and each a password file of its own"
        )
        passwords.add_argument("logins", nargs="*", metavar="LOGIN", help="which, such as web_rw; by default all")
        passwords.add_argument("--rotate", action="store_true", help="set other passwords")
        passwords.add_argument(
            "--to", type=Path, metavar="DIRECTORY", help="keep a file for each login there, with its line alone"
        )
        passwords.add_argument(
            "--host", default="", help="whom those lines are for, where it is not the server, such as a pooler"
        )
        explained = commands.add_parser("explain", help="say who may do what there, and which line of the map says so")
        explained.add_argument("name", help="a role, app.items, app.items.user_id, a function, a schema")
        apply.add_argument(
            "--max-revokes",
            type=int,
            default=MAX_REVOKES,
            metavar="N",
            help=f"stop where more than N privileges would be taken from those who hold them (default {MAX_REVOKES})",
        )
        for each in (bootstrap, apply, passwords):
            each.add_argument(
                "--passfile",
                type=Path,
                help="where the logins' passwords are kept; by default var/pgpass of the project",
            )
        for each in (bootstrap, plan, apply, check, passwords, explained):
            each.add_argument("--admin-url", default="", metavar="URL", help=ADMIN)
            each.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="which database")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "check":
            self.check_drift(options)
            return
        ownership = get_ownership()
        if action == "show":
            self.show(ownership, options["format"])
            return
        connection = connections[options["database"]]
        if reason := _find_nothing(ownership, connection):
            announce(connection)
            self.say(options, f"Nothing to do: {reason}.")
            return
        getattr(self, action)(ownership, connection, options)

    def show(self, ownership: Ownership, style: str) -> None:
        if style == "json":
            self.stdout.write(json.dumps(build_document(ownership), indent=2))
            return
        with needing_extra("commands"):
            from rich.console import Console

            from freehold.ownership.display import build_tables
        terminal = self.stdout.isatty()
        console = Console(file=cast("IO[str]", self.stdout._out), highlight=False, width=None if terminal else 160)
        console.print(build_tables(ownership))

    def bootstrap(self, ownership: Ownership, connection: BaseDatabaseWrapper, options: dict[str, Any]) -> None:
        passfile = options["passfile"] or get_passfile(connection)
        done = bootstrap_database(connection, ownership, admin_url=options["admin_url"], passfile=passfile)
        self.report(options, done, "Nothing to do: roles, schemas and rights are in place.")
        if unknown := list_unknown_logins(connection, ownership, passfile):
            self.say(options, f"{passfile} has no password of {', '.join(unknown)}: made elsewhere, left as they are.")

    def passwords(self, ownership: Ownership, connection: BaseDatabaseWrapper, options: dict[str, Any]) -> None:
        logins, directory, host = _choose_logins(ownership, options["logins"]), options["to"], options["host"]
        passfile = options["passfile"] or get_passfile(connection)
        if options["rotate"]:
            admin_url = options["admin_url"]
            given = {"admin_url": admin_url, "passfile": passfile, "directory": directory, "own_host": host}
            done = change_passwords(connection, logins, **given)
        elif directory:
            done = write_own_files(logins, passfile, get_service_host(connection), directory, host)
        else:
            raise OwnershipError("it was not said what to do: write --rotate, --to DIRECTORY, or both")
        self.report(options, done, "")

    def plan(self, ownership: Ownership, connection: BaseDatabaseWrapper, options: dict[str, Any]) -> None:
        with self.session(ownership, connection, options, "plan") as session:
            plan, joins = look_for_plan(session, ownership)
        self.stdout.write(write_script(plan, joins=joins) or "-- Nothing to do: the database is what is declared.")

    def apply(self, ownership: Ownership, connection: BaseDatabaseWrapper, options: dict[str, Any]) -> None:
        check_max_revokes(options["max_revokes"])
        passfile = options["passfile"] or get_passfile(connection)
        with self.session(ownership, connection, options, "apply") as session:
            get_password = make_passwords(session, passfile, get_service_host(connection))
            applied = apply_ownership(session, ownership, get_password=get_password, max_revokes=options["max_revokes"])
        self.report_applied(options, applied)

    def report_applied(self, options: dict[str, Any], applied: Alignment) -> None:
        left = bool(applied.admins or applied.by_hand or applied.waiting)
        self.report(options, applied.done, "" if left else "Nothing to do: the database is what is declared.")
        for change in applied.admins:
            self.say(options, f"  for an admin (--admin-url), who needs {change.right}: {change.says}")
        for line in applied.waiting:
            self.say(options, f"  waits for a migration: {line}")
        for line in applied.anothers:
            self.say(options, f"  left: {line}")
        for drift in applied.by_hand:
            self.say(options, f"  by hand: {comment(describe(drift))}")

    def explain(self, ownership: Ownership, connection: BaseDatabaseWrapper, options: dict[str, Any]) -> None:
        with self.session(ownership, connection, options, "explain") as session:
            self.stdout.write(explain(session, ownership, options["name"]))

    def check_drift(self, options: dict[str, Any]) -> None:
        connection = connections[options["database"]]
        findings = []
        try:
            ownership = get_ownership()
            reason = _find_nothing(ownership, connection)
            if not reason:
                with self.session(ownership, connection, options, "check") as session:
                    findings = find_drift(session, ownership, anew=options["anew"])
        except FreeholdError as error:
            raise LookError(str(error)) from error
        if reason:
            announce(connection)
            is_text = options["format"] == "text"
            words = UNSEEN.format(connection.display_name)
            if connection.vendor == "postgresql":
                words = f"Nothing to look at: {reason}."
            if options["verbosity"] > 0:  # what a program reads is not mixed with what is said about it
                (self.stdout if is_text else self.stderr).write(words, style_func=str)
            if is_text:
                return
        print_report(self.stdout, findings, options["format"], tool="ownership", rules=TITLES, docs="docs/drift.md")

    @contextmanager
    def session(
        self, ownership: Ownership, connection: BaseDatabaseWrapper, options: dict[str, Any], doing: str
    ) -> Iterator[psycopg.Connection]:
        """Give a connection of whoever does it; what the server says against it becomes one line."""
        try:
            with connect_to_apply(connection, ownership, options["admin_url"], doing) as session:
                yield session
        except psycopg.Error as error:
            reason = " ".join(str(error).split())
            raise OwnershipError(
                f"{doing} of database {connection.settings_dict['NAME']!r} failed: {reason}"
            ) from error

    def report(self, options: dict[str, Any], done: list[str], nothing: str) -> None:
        for line in done:
            self.say(options, f"  {line}")
        if done or nothing:
            self.say(options, f"{count(done)}." if done else nothing)

    def say(self, options: dict[str, Any], line: str) -> None:
        if options["verbosity"] > 0:
            self.stdout.write(line, style_func=str)


def _choose_logins(ownership: Ownership, names: list[str]) -> list[str]:
    """Give the map's logins, or those that are named.

    Raises:
        OwnershipError: one is none of the map's.
    """
    known = list(ownership.iter_logins())
    for name in names:
        if name not in known:
            raise OwnershipError(f"{name} is no login of the map: write one of {', '.join(known)}")
    return list(dict.fromkeys(names)) or known


def _find_nothing(ownership: Ownership, connection: BaseDatabaseWrapper) -> str:
    """Say why the database holds nothing that the map asks for; an empty text where it does."""
    if connection.vendor != "postgresql":
        return f"{connection.display_name} has no roles and no schemas"
    return "" if ownership.has_roles else "the ownership map has no services, so that it is for placement alone"
