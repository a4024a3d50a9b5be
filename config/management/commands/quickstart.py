"""`manage.py quickstart`: from nothing to the running site, one step after the other. `make run` calls it."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection, connections
from rich.console import Console

from config.server import SiteServer, choose_port
from freehold import embedded, startup

LOGINS = (
    ("admin site", "/admin/", "admin@freehold.example", "freehold-demo"),
    ("items, signed in", "/login/", "user@freehold.example", "freehold-demo"),
)


class Command(BaseCommand):
    """Prepares the database, fills it, and serves until Ctrl-C. Safe to repeat: what is done is not done again."""

    help = "Prepare the database (start, roles, migrations, seeds), then serve the site until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="the port to serve at; by default PORT, or 8000 or the next free")
        parser.add_argument("--no-serve", action="store_true", help="prepare only")

    def handle(self, *args: Any, port: int | None, no_serve: bool, **options: Any) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self.started = time.monotonic()
        wanted = None if no_serve else choose_port(port)  # before anything is made: a wrong one ends it here
        with ExitStack() as stack:
            path = settings.DATABASES["default"]["OPTIONS"].get("embedded")
            if path:
                stack.enter_context(self.hold(path))
            self.prepare(path)
            if wanted:
                self.serve(choose_port(port))

    @contextmanager
    def hold(self, path: str) -> Iterator[None]:
        """Keep the embedded server up for the block; end it afterwards if nobody else uses it."""
        try:
            with embedded.lease(path):
                yield
        finally:
            connections.close_all()
            if embedded.stop_if_unused(path):
                self.console.print("  PostgreSQL stopped.")

    def prepare(self, path: str | None) -> None:
        """Run each step that makes the database what the code expects."""
        if path:
            with self.step("PostgreSQL") as says:
                says.append(start_embedded(path))
        if connection.vendor == "postgresql" and connection.settings_dict.get("SWITCH_LOGIN"):
            with self.step("Schemas, owners, logins"):
                call_command("ownership", "bootstrap", verbosity=0)
        with self.step("Migrations, each as its schema's owner"):
            call_command("migrate", interactive=False, verbosity=0)
        with self.step("Seeds: countries, cities, categories, demo data"):
            call_command("seed", "up", verbosity=0)
        connections.close_all()

    @contextmanager
    def step(self, title: str) -> Iterator[list[str]]:
        """Show one step while it runs, then what it took, in seconds. The block may append words to the line."""
        before = time.monotonic()
        says: list[str] = []
        with self.console.status(f"{title} …") if self.console.is_terminal else ExitStack():
            yield says
        took = f"[dim]{time.monotonic() - before:.1f} s[/dim]"
        self.console.print(f"  [green]✓[/green] {' · '.join([title, *says])}  {took}")

    def serve(self, port: int) -> None:
        """Serve at `port` until Ctrl-C, with the addresses and logins printed once the site answers."""
        startup.start()  # the server does the same; here a refusal is the last line
        with SiteServer(port) as server:
            server.wait_until_ready()
            self.announce(server.url)
            server.wait()

    def announce(self, url: str) -> None:
        """Print where the site is and who can sign in."""
        self.console.print(f"\n  [bold]Freehold is at {url}/[/bold]  ready in {time.monotonic() - self.started:.1f} s")
        for title, page, email, password in LOGINS:
            self.console.print(f"  {title:<17} {url}{page:<8} {email}  {password}")
        self.console.print("  Ctrl-C stops it.\n")


def start_embedded(path: str) -> str:
    """Start the embedded server at `path` and say where it listens and where its data lie."""
    state = embedded.start(path)
    return str(state)
