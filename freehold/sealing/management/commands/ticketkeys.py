"""`manage.py ticketkeys`: says which keys the database signs tickets by, never what they are, and makes a new one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import Error

from freehold.acting.roles import using_role
from freehold.cli.announcing import announce
from freehold.errors import FreeholdError
from freehold.migrator.session import migrator_session
from freehold.ownership import get_ownership

_OVERLAP = 60  # minutes: as long as the longest ticket lasts
_LONGEST = 24 * 60
_COLUMNS = ("key", "made", "ends")
_LIST = """
    SELECT id::text, to_char(made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
        coalesce(to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), 'in use')
    FROM seal.ticket_key ORDER BY id
"""
_ROTATE = "SELECT seal.rotate_key(make_interval(mins => %s))"


class SealingError(FreeholdError):
    """Keys can't be shown or made."""


class Command(BaseCommand):
    """Runs as the migrator, who becomes the owner of the app's schema."""

    help = "Show the keys that the database signs tickets by: when they were made and end (UTC). Makes new ones."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rotate", action="store_true", help="make a new key; the others end after the overlap")
        parser.add_argument(
            "--overlap",
            type=int,
            default=_OVERLAP,
            metavar="MINUTES",
            help=f"how long tickets of the other keys stay good (default {_OVERLAP}); 0: they end now",
        )
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="which database")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["overlap"] <= _LONGEST:
            raise SealingError(f"--overlap is 0 to {_LONGEST} minutes, and {options['overlap']} was asked for")
        connection = connections[options["database"]]
        ownership = get_ownership()
        if connection.vendor != "postgresql":
            announce(connection)
            self.stdout.write(f"{connection.display_name} signs no tickets, and has no keys.")
            return
        schema = ownership.find_schema_of_app("sealing")
        if schema is None:
            raise SealingError(
                "no schema of the ownership map has the app sealing: add "
                'Schema("seal", apps=("sealing",)), then migrate'
            )
        try:
            with (
                migrator_session(connection, ownership, self.stderr.write, changes=False),
                using_role(connection, schema.owner),
            ):
                made = _rotate(connection, options["overlap"]) if options["rotate"] else ""
                rows = _list_keys(connection)
        except Error as error:
            raise SealingError(f"the keys can't be had: {' '.join(str(error).split())}") from error
        self.show(rows, made, options["verbosity"])

    def show(self, rows: list[tuple[str, ...]], made: str, verbosity: int) -> None:
        for cells in (_COLUMNS, *rows):
            self.stdout.write(f"{cells[0]:<5}{cells[1]:<21}{cells[2]}")
        if made and verbosity > 0:
            self.stdout.write(f"Made key {made}.")


def _list_keys(connection: BaseDatabaseWrapper) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_LIST)
        rows: list[tuple[str, ...]] = cursor.fetchall()
        return rows


def _rotate(connection: BaseDatabaseWrapper, minutes: int) -> str:
    """Make a key; give its id."""
    with connection.cursor() as cursor:
        cursor.execute(_ROTATE, [minutes])
        return str(cursor.fetchone()[0])
