"""`manage.py seed up|down|status`: versioned rows that can be taken back. docs/seeds.md tells how to write one."""

from __future__ import annotations

import json
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connections

from freehold.errors import SeedError, needing_extra
from freehold.migrator.session import migrator_session
from freehold.ownership import get_ownership
from freehold.progress import Progress
from freehold.seeds import KINDS
from freehold.seeds.dependants import SeedInUseError
from freehold.seeds.down import remove_seeds
from freehold.seeds.registry import (
    RegisteredSeed,
    add_dependencies,
    choose_by_kind,
    choose_by_name,
    choose_by_schema,
    list_apps_of_schema,
    list_seeds,
)
from freehold.seeds.scripts import rows
from freehold.seeds.status import list_statuses
from freehold.seeds.up import AppliedSeed, apply_seeds


class Command(BaseCommand):
    """Runs as the migrator, and writes each seed's rows as the owner of its schema."""

    help = "Put versioned rows into the database, take exactly those out again, or show which are there."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        up = actions.add_parser("up", help="add the rows that are missing; a second time nothing is written")
        down = actions.add_parser("down", help="remove exactly the rows that up put there, or nothing")
        status = actions.add_parser("status", help="show each seed: up or down, since when, rows there and declared")
        for each, verb in ((up, "put up, with those they depend on"), (down, "take down")):
            each.add_argument("names", nargs="*", metavar="NAME", help=f"seeds to {verb}, as APP.NNNN_name or APP; all")
            each.add_argument("--kind", choices=KINDS, help="only seeds of this kind")
        up.add_argument("--accept", action="store_true", help="run SQL seeds again that were edited since they went up")
        status.add_argument("--format", choices=("table", "json"), default="table", help="how to print it")
        for each in (up, down, status):
            each.add_argument("-v", "--verbosity", type=int, default=SUPPRESS, help=SUPPRESS)  # also behind the action
            each.add_argument("--schema", default="", help="only seeds of the apps that lie in this schema")
            each.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="which database")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        self.verbosity: int = options["verbosity"]
        self.connection = connections[options["database"]]
        stdout: Any = self.stdout
        self.output = stdout._out  # the stream itself: Django's wrapper ends every write with a line break
        with needing_extra("commands"):
            from rich.console import Console
        self.console = Console(file=self.output, highlight=False, soft_wrap=True)
        self.schema: str = options["schema"]
        if action == "status":
            self.show_status(options["format"])
        elif action == "up":
            self.put_up(options["names"], options["kind"], accepts=options["accept"])
        else:
            self.take_down(options["names"], options["kind"])

    def put_up(self, names: Sequence[str], kind: str | None, *, accepts: bool) -> None:
        chosen = self.choose_up(names, kind)
        changed = False
        with self.session(lock=True), self.progress(quiet=not self.verbosity) as progress:
            for applied in apply_seeds(self.connection, chosen, progress, accepts=accepts):
                self.say(f"  {applied.seed}: {describe(applied)}")
                changed = changed or applied.added > 0 or applied.is_changed
        if not changed:
            told = "every seed is up" if any(seed.pair for seed in chosen) else "every row is there"
            self.say(f"Nothing to do: {told if chosen else self.describe_none(kind)}.")

    def choose_up(self, names: Sequence[str], kind: str | None) -> list[RegisteredSeed]:
        """Give the seeds to apply: those named, or of a kind, else all, without demo seeds where DEBUG is off."""
        seeds = list_seeds()
        chosen = self.choose(seeds, names, kind)
        if not names and not kind and not settings.DEBUG:
            skipped = choose_by_kind(chosen, "demo")
            chosen = choose_by_kind(chosen, "reference")
            if skipped:
                listed = ", ".join(seed.name for seed in skipped)
                self.say(f"Demo seeds are skipped, since DEBUG is off: {listed}. `seed up --kind demo` applies them.")
        return add_dependencies(seeds, chosen)

    def take_down(self, names: Sequence[str], kind: str | None) -> None:
        chosen = self.choose(list_seeds(), names, kind)
        total = 0
        try:
            with self.session(lock=True), self.progress(quiet=not self.verbosity) as progress:
                for name, counts in remove_seeds(self.connection, chosen, progress):
                    removed = sum(count.removed for count in counts)
                    self.say(f"  {name}: {rows(removed)} removed")
                    total += removed
        except SeedInUseError as error:
            for dependant in error.dependants:
                self.stderr.write(f"  {dependant}", style_func=str)
            raise SeedError(error.headline) from error
        if not total:
            self.say(f"Nothing to do: {'none of their rows is there' if chosen else self.describe_none(kind)}.")

    def choose(self, seeds: Sequence[RegisteredSeed], names: Sequence[str], kind: str | None) -> list[RegisteredSeed]:
        chosen = choose_by_name(seeds, names) if names else list(seeds)
        if self.schema:
            chosen = choose_by_schema(chosen, self.schema, are_named=bool(names))
        return choose_by_kind(chosen, kind) if kind else chosen

    def describe_none(self, kind: str | None) -> str:
        where = f"schema {self.schema} has" if self.schema else "there are"
        return f"{where} no {f'{kind} ' if kind else ''}seeds"

    def show_status(self, style: str) -> None:
        quiet = not self.verbosity or style == "json"
        labels = list_apps_of_schema(self.schema) if self.schema else None
        with self.session(lock=False), self.progress(quiet=quiet) as progress:
            statuses = list_statuses(self.connection, progress, labels)
        if style == "json":
            listed = [asdict(status) for status in statuses]
            self.stdout.write(json.dumps(listed, indent=2, cls=DjangoJSONEncoder))
            return
        from freehold.management.terminals import build_seed_table  # needs rich, which handle() has asked for

        width = None if self.console.is_terminal else 160
        type(self.console)(file=self.output, highlight=False, width=width).print(build_seed_table(statuses))

    def progress(self, *, quiet: bool) -> AbstractContextManager[Progress]:
        from freehold.management.terminals import showing_progress  # needs rich, which handle() has asked for

        return showing_progress(self.console, quiet=quiet)

    def session(self, *, lock: bool) -> AbstractContextManager[object]:
        return migrator_session(self.connection, get_ownership(), self.say, changes=lock, alone=lock)

    def say(self, line: str) -> None:
        if self.verbosity:
            self.console.print(line, markup=False)


def describe(applied: AppliedSeed) -> str:
    parts = [f"{rows(applied.added)} added" if applied.added else "nothing to add"]
    if applied.is_changed:
        parts.insert(0, "its source has changed since")
    if applied.kept:
        parts.append(f"{rows(applied.kept)} left as others made them")
    if applied.added:
        parts.append(f"{applied.seconds:.1f} s")
    return ", ".join(parts)
