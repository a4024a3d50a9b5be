"""`manage.py embedded`: the embedded PostgreSQL of the project, by hand."""

from __future__ import annotations

import argparse
import json
import os
import sys
from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections

from freehold import embedded
from freehold.cli.announcing import announce
from freehold.databases.entries import URL, name_entry
from freehold.embedded import SUPERUSER
from freehold.errors import EmbeddedError, needing_extra

NOT_RUNNING = 3  # the exit status that init scripts give for it (LSB)


class Command(BaseCommand):
    """Works on the directory that DATABASE_URL=embedded:///PATH names, or OPTIONS["embedded"] of the database."""

    help = "Start, stop, look at or enter the project's embedded PostgreSQL."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("start", help="start it; it stays up when the command has ended")
        actions.add_parser("stop", help="stop it, whoever uses it")
        status = actions.add_parser("status", help="print whether and where it runs; exit status 3 when it does not")
        status.add_argument("--format", choices=("text", "json"), default="text", help="how to print it")
        psql = actions.add_parser("psql", help="enter it as the superuser; starts it when needed")
        psql.add_argument("arguments", nargs=argparse.REMAINDER, metavar="-- ARGUMENT", help="what psql gets")
        url = actions.add_parser("url", help="print a URL to connect with, the password in it; starts it when needed")
        url.add_argument("--user", default=SUPERUSER, help="the login; by default the superuser's")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, action)(get_path(), options)

    def start(self, path: str, options: dict[str, Any]) -> None:
        with _show_progress("Starting PostgreSQL …"):
            state = embedded.start(path)
        self.stdout.write(f"PostgreSQL {state}")

    def stop(self, path: str, options: dict[str, Any]) -> None:
        """Stop it; nothing to do is no fault."""
        with _show_progress("Stopping PostgreSQL …"):
            stopped = embedded.stop(path)
        self.stdout.write("PostgreSQL stopped" if stopped else f"PostgreSQL {embedded.status(path)}")

    def status(self, path: str, options: dict[str, Any]) -> None:
        state = embedded.status(path)
        if options["format"] == "json":
            self.stdout.write(json.dumps(asdict(state), indent=2))
        else:
            for name, value in asdict(state).items():
                if value is not None:
                    shown = ("yes" if value else "no") if isinstance(value, bool) else value
                    self.stdout.write(f"{name:<12} {shown}")
        if not state.running:
            sys.exit(NOT_RUNNING)

    def psql(self, path: str, options: dict[str, Any]) -> None:
        """Become psql: its input, output and exit status are the command's own."""
        announce(connections[DEFAULT_DB_ALIAS])
        words = options["arguments"]
        command, environment = embedded.get_psql(path, words[1:] if words[:1] == ["--"] else words)
        self.stdout.flush()
        os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted: the words are psql's own

    def url(self, path: str, options: dict[str, Any]) -> None:
        self.stdout.write(embedded.get_url(path, options["user"]))


def get_path() -> str:
    """Give the directory of the embedded server.

    Raises:
        EmbeddedError: the default database is another one.
    """
    path = connections.databases[DEFAULT_DB_ALIAS].get("OPTIONS", {}).get("embedded")
    if not path:
        entry = name_entry(connections[DEFAULT_DB_ALIAS])
        way = "set it to embedded:./var/postgres or embedded:///absolute/path"
        if entry != URL:
            way = 'add the server\'s directory as OPTIONS["embedded"]'
        raise EmbeddedError(f"{entry} names no embedded PostgreSQL: {way}")
    return str(path)


def _show_progress(words: str) -> AbstractContextManager[Any]:
    """Show that something goes on, where a person looks on."""
    with needing_extra("commands"):
        from rich.console import Console
    console = Console(stderr=True)
    return console.status(words) if console.is_terminal else nullcontext()
