"""`manage.py newmigration`: begins a migration or a seed that is written in SQL, as a pair of files."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.core.management.utils import run_formatters

from freehold.authoring.drafts import KINDS, choose_app, draft_migration, draft_seed, write_draft
from freehold.errors import MigrationError
from freehold.ownership import get_ownership
from freehold.scripts.pairs import shorten
from freehold.seeds import KINDS as SEED_KINDS


class Command(BaseCommand):
    """Writes all of the files or none. Needs no database."""

    help = "Begin a migration or a seed in SQL: a pair of files, up and down, and the migration that names them."
    requires_system_checks: list[str] = []  # what is wrong with the order of migrations it says itself, in one line

    def add_arguments(self, parser: ArgumentParser) -> None:
        # Kinds are no `choices`: what argparse says of a wrong one is several lines.
        parser.add_argument("--type", required=True, metavar="|".join(KINDS), help="a change of tables, or rows")
        parser.add_argument("--name", required=True, help="what it does, such as add_note")
        parser.add_argument("--schema", required=True, help="the schema whose tables it is about")
        parser.add_argument(
            "--app", default="", help="the app beside which the files lie, where the schema has several"
        )
        parser.add_argument(
            "--kind", default="", metavar="|".join(SEED_KINDS), help="which kind of seed; reference, unless it is said"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kind, seed_kind = options["type"], options["kind"]
        _check_kinds(kind, seed_kind)
        schema, app = choose_app(get_ownership(), options["schema"], options["app"])
        if kind == "seed":
            draft = draft_seed(schema, app, options["name"], seed_kind or SEED_KINDS[0])
        else:
            draft = draft_migration(schema, app, options["name"])
        write_draft(draft)
        run_formatters([str(path) for path in draft.files if path.suffix == ".py"], stderr=self.stderr)
        if options["verbosity"]:
            self.stdout.writelines(f"Wrote {shorten(path)}\n" for path in (*draft.files, *draft.replaced))
            self.stdout.writelines(f"{line}\n" for line in draft.says)


def _check_kinds(kind: str, seed_kind: str) -> None:
    """Raise MigrationError for a --type or --kind that there is not."""
    if kind not in KINDS:
        raise MigrationError(f"--type {kind!r} is not known: it is {' or '.join(KINDS)}")
    if seed_kind and kind != "seed":
        raise MigrationError("--kind is for seeds: leave it out, or write --type seed")
    if seed_kind and seed_kind not in SEED_KINDS:
        raise MigrationError(f"--kind {seed_kind!r} is not known: it is {' or '.join(SEED_KINDS)}")
