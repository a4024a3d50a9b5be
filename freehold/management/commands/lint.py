"""`manage.py lint`: looks for what the database and the project's SQL should not have."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections

from freehold.errors import needing_extra
from freehold.findings import STYLES, print_report
from freehold.ownership import get_ownership
from freehold.ownership.lookup import get_directory


class Command(BaseCommand):
    """Exits with 0 where nothing is found, 1 where something is, 2 where it could not look."""

    help = "Look for what the database's catalogue and the project's SQL should not have (docs/rules.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="whose catalogue to look at"
        )
        parser.add_argument("--format", choices=STYLES, default="text", help="how to print what is found")

    def handle(self, *args: Any, database: str, format: str, **options: Any) -> None:  # noqa: A002 - the option's name
        with needing_extra("lint"):
            from freehold_lint import exceptions, waivers
            from freehold_lint.project import TITLES, lint

        found = lint(connections[database], get_ownership(), get_directory() / exceptions.NAME, date.today())
        for note in found.notes:
            self.stderr.write(note)
        rules = {**TITLES, **waivers.TITLES}
        print_report(self.stdout, found.findings, format, tool="lint", rules=rules)  # type: ignore[arg-type]
