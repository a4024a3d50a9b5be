"""`manage.py movetable`: writes the migration that moves a table, and says what else there is to do."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.core.management import BaseCommand
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.authoring.drafts import Draft as Files, get_chain, write_draft
from freehold.authoring.moves import Draft, Drafter
from freehold.errors import FreeholdError, MigrationError
from freehold.operations.tables.dependents import Passage, list_dependents
from freehold.operations.tables.two_owners import get_owner
from freehold.ownership import Move, Ownership, get_ownership
from freehold.ownership.moves import get_today
from freehold.rights.declared import declare
from freehold.scripts.pairs import shorten

STAYS = timedelta(days=90)


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day: write it as 2027-01-31") from error


class Command(BaseCommand):
    """Goes by the migrations, the map and the models. A database that answers is asked what depends on the table."""

    help = "Write the migration that moves a table to another schema, owner or app; see docs/moving-a-table.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", help="the table as it is called, schema.table")
        parser.add_argument("new", help="the table as it will be called, schema.table")
        parser.add_argument("--app", default="", metavar="LABEL", help="the app that the model goes to")
        parser.add_argument(
            "--until", type=_read_day, metavar="DAY", help="the last day of the view (by default in 90 days)"
        )
        parser.add_argument("--no-view", action="store_true", help="leave nothing under the old name: with a downtime")
        parser.add_argument("--finish", action="store_true", help="write the migration that drops the view")
        parser.add_argument("--dry-run", "--plan", action="store_true", help="print the migration and write nothing")

    def handle(self, *args: Any, old: str, new: str, **options: Any) -> None:
        ownership = get_ownership()
        drafter = Drafter(ownership)
        if options["finish"]:
            draft, steps = drafter.draft_end(old, new), list(_iter_last_steps(ownership, old, new))
        else:
            until = self.choose_day(ownership, old, new, options)
            draft = drafter.draft_move(old, new, app=options["app"], view=until is not None)
            steps = list(_iter_steps(ownership, drafter, Move(old, new, until=until), draft))
        self.write(draft, dry=options["dry_run"])
        self.stdout.write("To do:" if steps else "Nothing else to do.")
        self.stdout.writelines(f"  {number}. {step}\n" for number, step in enumerate(steps, 1))

    def choose_day(self, ownership: Ownership, old: str, new: str, options: dict[str, Any]) -> date | None:
        """Give the view's last day: as asked, as the map has it, or in three months; None for no view."""
        if options["no_view"]:
            if options["until"]:
                raise MigrationError("--until is the last day of a view, and --no-view leaves none: say one of them")
            return None
        move = ownership.find_move(old, new)
        until: date = options["until"] or (move and move.until) or get_today() + STAYS
        if until < get_today():
            raise MigrationError(f"{until} is over: name a later day with --until, or say --no-view")
        return until

    def write(self, draft: Draft, *, dry: bool) -> None:
        if dry:
            self.stdout.write(f"Would write {shorten(draft.path)}:\n\n{draft.text}")
            return
        chain = get_chain(draft.app)
        write_draft(Files({draft.path: draft.text}, {chain.path: f"{draft.path.stem}\n"}))
        self.stdout.write(f"Wrote {shorten(draft.path)}")


# --- What is left to do ----------------------------------------------------------------------------------------------
def _iter_steps(ownership: Ownership, drafter: Drafter, move: Move, draft: Draft) -> Iterator[str]:
    if ownership.find_move(move.old, move.new) != move:
        yield f"In the ownership map, among moves: {write_move(move)}"
    model, app = drafter.get_model(move.old), draft.app
    if not any(each._meta.db_table == move.new for each in apps.get_models()):
        where = f"from {model.app_label} to {app}, with" if model.app_label != app else f"in {app}:"
        yield f'The model {model.name} {where} db_table = "{move.new}"'
    yield from (f"A contract, for the foreign key from {schema}: {text}" for schema, text in iter_keys(drafter, move))
    yield from iter_dependents(connections[DEFAULT_DB_ALIAS], ownership, move)
    yield "manage.py makemigrations --check, which should find nothing to do"
    if ownership.list_moving_owners() or move.old.partition(".")[0] != move.new.partition(".")[0]:
        yield "manage.py ownership bootstrap, where the server is not embedded: it makes the role that moves tables"
    yield "manage.py migrate"
    if move.until:
        yield f"Before {move.until}: manage.py movetable {move.old} {move.new} --finish"


def iter_dependents(connection: BaseDatabaseWrapper, ownership: Ownership, move: Move) -> Iterator[str]:
    """Yield a step for each thing that the move would break, as far as the database knows of it."""
    if connection.vendor != "postgresql" or not ownership.has_roles or move.places[0][0] == move.places[1][0]:
        return
    others = [each for each in ownership.moves if (each.old, each.new) != (move.old, move.new)]
    moved = replace(ownership, moves=(*others, move))
    declared = declare(moved, connection.settings_dict["NAME"], with_models=False)
    passage = Passage(declared, *move.places, get_owner(ownership, move.old))
    try:
        with connection.cursor() as cursor:
            found = list_dependents(cursor, passage)
    except (Error, FreeholdError) as error:
        reason = " ".join(str(error).split())
        yield f"What depends on the table was not looked for, and migrate will refuse it: the database says {reason}"
        return
    for each in found:
        yield f"{each.what[0].upper()}{each.what[1:]}" + (f": {each.way}" if each.way else "")


def _iter_last_steps(ownership: Ownership, old: str, new: str) -> Iterator[str]:
    move = ownership.find_move(old, new)
    if move is None or move.until:
        yield f"In the ownership map, among moves: {write_move(Move(old, new))}; the older migration needs it"
    yield f"Policies and contracts that were for {old} alone out of models and map"
    yield "manage.py migrate"


def write_move(move: Move) -> str:
    until = move.until
    day = f", until=date({until.year}, {until.month}, {until.day})" if until else ""
    return f'Move("{move.old}", "{move.new}"{day})'


def iter_keys(drafter: Drafter, move: Move) -> Iterator[tuple[str, str]]:
    """Yield the schemas whose foreign keys point at the table from outside, each with a contract's text."""
    from django.db.migrations.utils import get_references

    model = drafter.get_model(move.old)
    (_, _), (target, table) = move.places
    for each, _, _, reference in get_references(drafter.state, (model.app_label, model.name_lower)):
        schema = drafter.ownership.find_schema_of_app(each.app_label)
        if reference.to and schema and schema.name != target and each is not model:
            yield schema.name, f'Contract("{target}", consumer="{schema.name}", reference={{"{table}": ("id",)}})'
