"""`manage.py quickstart`: from nothing to the running site, one step after the other. `make run` calls it."""

from __future__ import annotations

import time
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection, connections
from rich.console import Console

from config.quickstart.demo import Login, has_users, list_logins, put_seeds
from config.quickstart.first_start import FirstStart
from config.quickstart.ports import FIRST_PORT, choose_port, describe_holder
from config.quickstart.server import SiteServer
from freehold import embedded
from freehold.cli.announcing import announce
from freehold.rights.administration import is_without_tables
from freehold.services import startup


class Command(BaseCommand):
    """Prepares the database, fills it, and serves until Ctrl-C. Safe to repeat: what is done is not done again."""

    help = "Prepare the database (start, roles, migrations, seeds), then serve the site until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="the port to serve at; by default PORT, or 8000 or the next free")
        parser.add_argument("--no-serve", action="store_true", help="prepare only")
        parser.add_argument(
            "--demo",
            action=BooleanOptionalAction,
            help="load demo data, with logins whose passwords everybody knows; by default into a database alone that "
            "this command makes, while DEBUG is on",
        )
        parser.add_argument(
            "--admin-url",
            default="",
            metavar="URL",
            help="who makes roles and schemas on a server of yours (postgresql://USER:PASSWORD@HOST/DATABASE), the "
            "first time; see `manage.py ownership bootstrap`",
        )

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        """Give what is checked first: what `migrate` refuses, this refuses; the database may not be there yet."""
        return {**super().get_check_kwargs(options), "databases": []}

    def handle(
        self, *args: Any, port: int | None, no_serve: bool, demo: bool | None, admin_url: str, **options: Any
    ) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self.started = time.monotonic()
        if not no_serve:
            choose_port(port)  # before anything is made: a wrong one ends it here
        announce(connection)
        with ExitStack() as stack:
            path = settings.DATABASES["default"]["OPTIONS"].get("embedded")
            start = FirstStart(connection)
            start.begin()
            if path:
                stack.enter_context(self.hold(path))
            server = None if no_serve else stack.enter_context(SiteServer())
            self.prepare(path, admin_url, start, demo=demo)
            start.end()
            if server:
                self.serve(server, self.settle_port(port))

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

    def prepare(self, path: str | None, admin_url: str, start: FirstStart, *, demo: bool | None) -> None:
        """Run each step that makes the database what the code expects."""
        if path:
            with self.step("PostgreSQL") as says:
                says.append(start_embedded(path))
        if needs_bootstrap(admin_url):
            with self.step("Schemas, owners, logins"):
                call_command("ownership", "bootstrap", admin_url=admin_url, verbosity=0)
        with self.step("Migrations, each as its schema's owner"):
            call_command("migrate", interactive=False, verbosity=0)
        with self.step("Seeds") as says:
            says.append(put_seeds(connection, start, demo=demo))
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

    def settle_port(self, port: int | None) -> int:
        """Give the port to serve at, and say who has the first one where it is another."""
        chosen = choose_port(port)
        if port is None and chosen > FIRST_PORT and (holder := describe_holder(FIRST_PORT)):
            self.console.print(
                f"  Port {FIRST_PORT} is taken by {holder}; the next free one is {chosen}.", markup=False
            )
        return chosen

    def serve(self, server: SiteServer, port: int) -> None:
        """Serve at `port` until Ctrl-C, with the addresses and logins printed once the site answers."""
        startup.start()  # the server does the same; here a refusal is the last line
        server.serve_at(port)
        logins = list_logins()  # while the server starts
        is_without = not has_users(is_superuser=True, is_active=True)
        connections.close_all()
        server.wait_until_ready()
        self.announce(server.url, logins, is_without=is_without)
        server.wait()

    def announce(self, url: str, logins: list[Login], *, is_without: bool) -> None:
        """Print where the site is and who of the demo data can sign in."""
        self.console.print(f"\n  [bold]Freehold is at {url}/[/bold]  ready in {time.monotonic() - self.started:.1f} s")
        for login in logins:
            self.console.print(f"  {login.title:<17} {url}{login.page:<8} {login.email}  {login.password}")
        if is_without:
            self.console.print("  Nobody is an administrator yet: `manage.py createsuperuser` makes one.")
        self.console.print("  Ctrl-C stops it.\n")


def needs_bootstrap(admin_url: str) -> bool:
    """Tell whether roles and schemas are for this command to make: on an embedded server, where somebody is named who
    may, and where DATABASE_URL's own user finds nothing at all. Elsewhere `migrate` says what is missing."""
    if connection.vendor != "postgresql":
        return False
    if admin_url or connection.settings_dict["OPTIONS"].get("embedded"):
        return True
    return not connection.settings_dict.get("SWITCH_LOGIN") and is_without_tables(connection)


def start_embedded(path: str) -> str:
    """Start the embedded server at `path` and say where it listens and where its data lie."""
    state = embedded.start(path)
    return str(state)
