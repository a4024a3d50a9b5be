"""`manage.py history`: shows what was done to the database, compares it with the code, and lets a person accept."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Any

from django.core.management import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import Error

from freehold.findings import LookError, print_report
from freehold.management.commands.migrate import is_mapped
from freehold.migrator.session import migrator_session
from freehold.models import MigrationHistory
from freehold.models.migration_history import EntryKind
from freehold.ownership import get_ownership
from freehold.verification.faults import TITLES, Fault
from freehold.verification.rebuilding import TABLES, check_lost, rebuild
from freehold.verification.repair import RepairError, accept, choose
from freehold.verification.structure import choose_standing
from freehold.verification.verification import check_tables, looking, verify

SHOWN = 20
COLUMNS = ("row", "started", "what", "kind", "direction", "outcome", "took", "owner", "login", "account", "code")


class Command(BaseCommand):
    """Runs as the migrator. `repair` adds rows, and holds the migration lock; the others write nothing."""

    help = "Show the migration history, verify that it, the code and the database agree, or accept a difference."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        show = actions.add_parser("show", help="print what was done to the database, the latest last")
        show.add_argument("--app", help="only of this app")
        show.add_argument("--kind", choices=EntryKind.values, help="only rows of this kind")
        show.add_argument("--failed", action="store_true", help="only what failed")
        show.add_argument("--limit", type=int, default=SHOWN, metavar="N", help=f"the latest N ({SHOWN}); 0: all")
        check = actions.add_parser(
            "verify", help="say what does not agree: exit 0 nothing, 1 something, 2 could not look"
        )
        repair = actions.add_parser(
            "repair", help="accept what verify found: adds a row that says who did, changes none"
        )
        repair.add_argument(
            "app",
            nargs="?",
            metavar="APP",
            help="whose migration, seed or row; or a lost table to make again: django_migrations, migration_history",
        )
        repair.add_argument("name", nargs="?", metavar="NAME", help="which: its name, or the beginning of it")
        repair.add_argument("--all", action="store_true", help="accept all that was found")
        repair.add_argument("--reason", default="", help="why; it is kept in the row")
        repair.add_argument("--yes", action="store_true", help="do not ask before")
        adopt = actions.add_parser(
            "adopt",
            help="take over what stands there of functions, triggers and rules, by name: adds rows that say who did",
        )
        adopt.add_argument(
            "names",
            nargs="+",
            metavar="NAME",
            help="app, 'app.price(integer)', app.items.count_version: a schema or what is in it",
        )
        adopt.add_argument("--reason", required=True, help="why; it is kept in the row")
        for each in (show, check):
            each.add_argument("--format", choices=("text", "json"), default="text", help="how to print it")
        for each in (show, check, repair, adopt):
            each.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="which database")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        self.connection = connections[options["database"]]
        if not is_mapped(self.connection):
            raise LookError(
                f"database {options['database']!r} has no ownership map with services, and so no history of ours"
            )
        self.ownership = get_ownership()
        getattr(self, action)(options)

    # --- Show ---------------------------------------------------------------------------------------------------------
    def show(self, options: dict[str, Any]) -> None:
        with looking(), self.session(lock=False):
            check_tables(self.connection, MigrationRecorder(self.connection).applied_migrations())
            rows = self.list_rows(options)
        if options["format"] == "json":
            self.stdout.write(json.dumps([build_document(row) for row in rows], indent=2, cls=DjangoJSONEncoder))
            return
        lines = [COLUMNS, *(_list_cells(row) for row in rows)]
        widths = [max(len(cells[place]) for cells in lines) for place in range(len(COLUMNS))]
        for cells, row in zip(lines, [None, *rows], strict=True):
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
            for note in _list_notes(row) if row else ():
                self.stdout.write(f"      {note}")

    def list_rows(self, options: dict[str, Any]) -> list[MigrationHistory]:
        rows = MigrationHistory.objects.using(self.connection.alias).order_by("-id")
        conditions = {
            "app": options["app"],
            "kind": options["kind"],
            "outcome": "failed" if options["failed"] else None,
        }
        rows = rows.filter(**{name: value for name, value in conditions.items() if value})
        if options["format"] == "text":
            rows = rows.defer("sources")
        return list(rows[: options["limit"]] if options["limit"] > 0 else rows)[::-1]

    # --- Verify -------------------------------------------------------------------------------------------------------
    def verify(self, options: dict[str, Any]) -> None:
        findings = [each.finding for each in self.look()]
        print_report(self.stdout, findings, options["format"], tool="history", rules=TITLES, docs="docs/history.md")

    def look(self) -> list[Fault]:
        with looking(), self.session(lock=False):
            return verify(self.connection, self.ownership)

    # --- Repair -------------------------------------------------------------------------------------------------------
    def repair(self, options: dict[str, Any]) -> None:
        if options["app"] in TABLES and not (options["name"] or options["all"]):
            self.rebuild(options)
            return
        if bool(options["app"] and options["name"]) == options["all"]:
            raise RepairError("name what you accept: `manage.py history repair APP NAME`, or --all")
        faults = self.look()
        if not options["all"]:
            faults = choose(faults, options["app"], options["name"])
        if not faults:
            self.say(options, "Nothing to accept: history, code and database agree.")
            return
        for fault in faults:
            self.say(options, f"{fault.finding.rule} {fault.finding.object}: {fault.finding.message}")
        question = f"Accept {'this' if len(faults) == 1 else f'these {len(faults)}'} as they are? [y/N] "
        if not options["yes"] and not self.confirm(question):
            raise RepairError("nothing was accepted")
        self.write_down(faults, options["reason"])
        self.say(options, f"Accepted {len(faults)}: written down in public.migration_history.")

    def rebuild(self, options: dict[str, Any]) -> None:
        """Make a table that is lost again, from what the other says."""
        table = options["app"]
        with self.session(lock=False):
            check_lost(self.connection, table)
        if not options["yes"] and not self.confirm(f"Make public.{table} again from the other table? [y/N] "):
            raise RepairError("nothing was accepted")
        try:
            with self.session(lock=True):
                count = rebuild(self.connection, self.ownership, table, options["reason"])
        except Error as error:
            raise RepairError(f"public.{table} was not made again: {' '.join(str(error).split())}") from error
        self.say(options, f"Made public.{table} again, with {count} migrations: see `manage.py history verify`.")

    def confirm(self, question: str) -> bool:
        try:
            return input(question).strip().lower() in ("y", "yes")
        except EOFError:
            raise RepairError(
                "nobody is there to answer: --yes accepts without a question; nothing was accepted"
            ) from None

    def write_down(self, faults: Collection[Fault], reason: str) -> None:
        """Add the rows, under the lock, for what is still as it was shown."""
        shown = {fault.key for fault in faults}
        try:
            with self.session(lock=True):
                found = [each for each in verify(self.connection, self.ownership) if each.key in shown]
                if {each.key for each in found} != shown:
                    raise RepairError("something changed in the meantime; nothing was accepted: run it again")
                accept(self.connection, self.ownership, found, reason)
        except Error as error:
            raise RepairError(f"nothing was accepted: {' '.join(str(error).split())}") from error

    # --- Adopt --------------------------------------------------------------------------------------------------------
    def adopt(self, options: dict[str, Any]) -> None:
        if not options["reason"].strip():
            raise RepairError("--reason is empty: say why what stands there is right; nothing was adopted")
        try:
            with self.session(lock=True), transaction.atomic(using=self.connection.alias):
                check_tables(self.connection, MigrationRecorder(self.connection).applied_migrations())
                faults = choose_standing(self.connection, self.ownership, options["names"])
                accept(self.connection, self.ownership, faults, options["reason"])
        except Error as error:
            raise RepairError(f"nothing was adopted: {' '.join(str(error).split())}") from error
        for fault in faults:
            self.say(options, f"Adopted {fault.finding.object}: {fault.finding.message}")

    def session(self, *, lock: bool) -> AbstractContextManager[object]:
        return migrator_session(self.connection, self.ownership, self.stderr.write, changes=lock, alone=lock)

    def say(self, options: dict[str, Any], line: str) -> None:
        if options["verbosity"] > 0:
            self.stdout.write(line)


def _list_cells(row: MigrationHistory) -> tuple[str, ...]:
    return (
        str(row.pk),
        f"{row.started_at:%Y-%m-%d %H:%M:%S}",
        f"{row.app}.{row.name}",
        row.kind,
        row.direction,
        row.outcome,
        f"{row.duration.total_seconds():.3f} s",
        row.owner_role or "-",
        row.login,
        row.account or "-",
        row.code_version or "-",
    )


def _list_notes(row: MigrationHistory) -> list[str]:
    notes = [row.detail] if row.detail and row.kind != "seed" else []
    if row.outcome == "accepted" and row.checksum_before != row.checksum:
        notes.append(f"checksum {row.checksum_before[:12] or 'none'} is now {row.checksum[:12] or 'none'}")
    return [*notes, f"reason: {row.reason}"] if row.reason else notes


def build_document(row: MigrationHistory) -> dict[str, Any]:
    """Give a row as JSON has it: every column, the duration in seconds."""
    names = [field.name for field in row._meta.concrete_fields]
    document = {name: getattr(row, name) for name in names}
    return document | {"duration": row.duration.total_seconds()}
