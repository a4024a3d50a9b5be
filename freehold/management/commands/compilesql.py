"""`manage.py compilesql`: makes modules with typed functions of the statements in `<app>/sql/<noun>/<name>.sql`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from freehold.errors import needing_extra
from freehold.ownership import get_ownership


class Command(BaseCommand):
    """Exits with 0 where all is compiled, 1 where a file is refused or, with --check, a module is stale."""

    help = "Compile SQL files to modules with types (docs/typed-sql.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("apps", nargs="*", metavar="APP", help="whose files; by default those of all own apps")
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where a module is stale or a file unused"
        )

        parser.add_argument(
            "--against", metavar="REV", help="write nothing; fail where this schema breaks a statement of that revision"
        )

    def handle(self, *labels: str, **options: Any) -> None:
        with needing_extra("lint"):
            from freehold_lint.typed_sql.against import list_broken
            from freehold_lint.typed_sql.project import compile_apps, list_configs
            from freehold_lint.typed_sql.unused import list_unused

        ownership = get_ownership()
        configs = list_configs(ownership, options["apps"])
        if options["against"] is not None:
            self.tell(list_broken(ownership, configs, options["against"]))
            return
        modules = compile_apps(ownership, configs)
        if options["check"]:
            self.tell([*modules.list_stale(), *list_unused(configs)])
        changed = 0 if options["check"] else modules.write()
        if options["verbosity"] > 0:
            self.stdout.write(f"{modules.count} files compiled; {changed} modules written.")

    def tell(self, lines: list[str]) -> None:
        """Print what is wrong, and exit with 1 where anything is."""
        for line in lines:
            self.stderr.write(line)
        if lines:
            sys.exit(1)
