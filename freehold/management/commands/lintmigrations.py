"""`manage.py lintmigrations`: looks at what migrations do to a database with rows and a release that still runs."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import BaseCommand

from freehold.errors import needing_extra
from freehold.findings import STYLES, print_report

DOCS = "docs/lintmigrations.md"


class Command(BaseCommand):
    """Exits with 0 where nothing is found, 1 where something is, 2 where it could not look."""

    help = "Look for what migrations destroy, break, or lock for long (docs/lintmigrations.md). Asks no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app_label", nargs="?", default="", metavar="APP", help="only this app's migrations")
        parser.add_argument("names", nargs="*", metavar="NAME", help="only these of them; the beginning is enough")
        parser.add_argument(
            "--base",
            default="",
            metavar="REV",
            help="only what is new or changed since HEAD left REV, e.g. origin/main",
        )
        parser.add_argument("--format", choices=STYLES, default="text", help="how to print what is found")

    def handle(self, *args: Any, app_label: str, names: list[str], base: str, **options: Any) -> None:
        with needing_extra("lint"):
            from freehold_lint import exceptions
            from freehold_lint.migrations.linter import lint_migrations
            from freehold_lint.migrations.titles import TITLES

        found = lint_migrations(date.today(), app_label, names, base)
        for note in found.notes:
            self.stderr.write(note)
        rules = {**TITLES, **exceptions.TITLES}
        print_report(self.stdout, found.findings, options["format"], tool="lintmigrations", rules=rules, docs=DOCS)
