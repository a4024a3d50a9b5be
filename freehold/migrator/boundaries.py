"""What a migration may not cross, whatever its text says: looked at after each operation and at its end.

PostgreSQL lets the migrator become every owner, and so a migration that says SET ROLE. What such a one did is seen by
the rows of the catalogue that its transaction wrote and by the locks that it holds, before anything is committed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.migrator.plain import may_call, may_refer, sends_openly
from freehold.migrator.role_words import find_role_words, may_become
from freehold.migrator.shared import Found, SharedParts, name_whole, say_what_is_left
from freehold.migrator.sides import find_sides, iter_referenced, list_engines_tables
from freehold.migrator.steps import is_djangos
from freehold.migrator.written import Beginning, Sequel, find_since, iter_faults
from freehold.ownership import Ownership, Schema
from freehold.ownership.key_actions import may_cross
from freehold.plans import doubt, fetch_each, fetch_planned, heed
from freehold.sqlfiles import read_bare, write_text

# A transaction that wrote nothing has no number.
_ROLE = "SELECT pg_catalog.current_setting('role'), pg_catalog.pg_current_xact_id_if_assigned() IS NOT NULL"
_OUT = "take out of it what changes its role, and write what is another owner's into a migration of an app of theirs"


@dataclass
class Past:
    """What was there before the first migration of each app in a run, and where each began, for the app's last one.

    Those on which others stand were agreed on long ago, and a new database goes the same way: what one of them made
    and a later one mended is nobody's fault. `refusals` has by app what its last run said, where that was
    refused: those before the last stay applied, and are looked at again.
    """

    firsts: dict[str, Found] = field(default_factory=dict)
    sequel: Sequel = field(default_factory=Sequel)
    refusals: dict[str, str] = field(default_factory=dict)


class Boundary:
    """Holds one migration to its owner's schemas, and to what contracts share of them.

    `is_last` says that no migration of its app stands upon it; the `past` is that of the run.
    """

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        ownership: Ownership,
        migration: Migration,
        schema: Schema,
        direction: str,
        past: Past,
        *,
        is_last: bool,
    ) -> None:
        self.connection, self.ownership, self.migration, self.schema = connection, ownership, migration, schema
        self.name = name_whole(migration)
        self.goes_up, self.is_last, self.past = direction == "up", is_last, past
        self.sides = find_sides(ownership, migration, schema)
        self.refusal = past.refusals.get(migration.app_label, "")
        self.shared = SharedParts(ownership, self.sides.own, self.refusal)
        self.operations = list(migration.operations)
        self.is_open = not all(map(is_djangos, self.operations))  # what Django writes becomes nobody else
        self.may_run = self.is_open or any(map(may_call, self.operations))
        self.has_written = self.is_open or not migration.atomic
        self.is_seen = all(map(sends_openly, self.operations))
        self.may_be_another = not self.is_seen  # the role, since it was asked for
        self.words = ""  # by which one of its statements set a role

    @contextmanager
    def held(self, check_role: Callable[[str], None]) -> Iterator[None]:
        """Look at what the block does: at its role after each operation, and at the rest at its end.

        Raises:
            MigrationError: it left its owner's role or schemas, or changed what a contract shares.
        """
        app, is_known = self.migration.app_label, self.migration.app_label in self.past.firsts
        self.before = {} if is_known and not self.needs_look else self.read()
        self.past.firsts.setdefault(app, self.before)
        if not self.needs_look:
            yield
            return
        since = "" if is_known else find_since(self.refusal)
        self.past.sequel.begin(Beginning(since or self.before["since"][""], app, bool(self.sides.moved)))

        left = len(self.operations)

        def look() -> None:
            nonlocal left
            left -= 1
            is_told = not left and self.migration.atomic and not self.words  # by what ends the migration, before long
            if self.may_be_another and self.may_run and not is_told:
                self.ask(check_role)
            self.check_words()
            if not self.migration.atomic:
                doubt(self.connection)
                self.look()

        with followed(self.migration, look), self.connection.execute_wrapper(self.read_words):
            yield
        if not self.migration.atomic:
            doubt(self.connection)
        self.look()  # without a transaction too: what Django puts off to the end, foreign keys among it, comes last

    def ask(self, check_role: Callable[[str], None]) -> None:
        """Ask who the migration is by now, and whether it wrote anything."""
        with self.connection.cursor() as cursor:
            cursor.execute(_ROLE)
            role, has_written = cursor.fetchone()
        check_role(role)
        self.has_written = has_written or not self.migration.atomic
        self.may_be_another = not self.is_seen

    @cached_property
    def needs_look(self) -> bool:
        """Whether anything may be found: the server is asked nothing about operations that are Django's and plain."""
        if self.is_open or not self.goes_up:
            return self.is_open
        refers = any(map(may_refer, self.operations)) and may_cross(self.ownership, self.schema.owner)
        return self.is_last or refers or self.may_run

    def read_words(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Refuse a statement that sets a role by its words: one that only reads as another owner leaves no trace.

        In a transaction it is refused once its operation has ended, so that the role that it left is told.
        """
        self.has_written = True  # until it is asked after the operation; nobody asks after what Django puts off
        text = write_text(self.connection, sql)
        if text == _ROLE:
            return execute(sql, params, many, context)
        self.may_be_another = self.may_be_another or may_become(text)
        heed(self.connection, text)
        self.words = self.words or find_role_words(text)
        if not self.migration.atomic:
            self.check_words()
        return execute(sql, params, many, context)

    def check_words(self) -> None:
        if self.words:
            raise MigrationError(
                f"migration {self.name} says {self.words}, and runs as {self.schema.owner} alone; "
                f"{say_what_is_left(self.migration)}: {_OUT}"
            )

    def read(self) -> Found:
        """Give what sql/shared.sql finds, and sql/neighbours.sql where the migration has code of its own."""
        return _sort(fetch_planned(self.connection, self.text, **self.parameters))

    @cached_property
    def text(self) -> str:
        return read_bare(__file__, "shared", *(["neighbours"] if self.is_open else []))

    @cached_property
    def parameters(self) -> dict[str, Any]:
        places = sorted(
            {
                (f"{contract.schema}.{table}", f"{contract.schema}.{quote_whole(table)}", column)
                for contract, table, column in self.shared.iter_columns()
            }
        )
        return {
            "owner": self.schema.owner,
            "own": self.sides.own,
            "foreign": self.sides.foreign,
            "referenced": sorted(iter_referenced(self.ownership, self.sides.own)),
            "places": [place for place, _, _ in places],
            "quoted": [quoted for _, quoted, _ in places],
            "columns": [column for _, _, column in places],
            "functions": sorted({name.partition("(")[0].rpartition(".")[2] for name in self.shared.list_functions()}),
        }

    # --- What is held against it ---------------------------------------------------------------------------------
    def look(self) -> None:
        """Hold what there is against what there was."""
        after, trespasses = self.read_after()
        for did, name in [*trespasses, *self.list_lost(after)] if self.is_open else ():
            raise MigrationError(
                f"migration {self.name}, run as {self.schema.owner}, {did} {name} by another role or another's rights; "
                f"{say_what_is_left(self.migration)}: {_OUT}"
            )
        if self.goes_up and self.is_last:
            self.check_written()
            for before in (self.past.firsts[self.migration.app_label], self.before):
                self.shared.check(self.migration, before, after)

    def check_written(self) -> None:
        """Refuse what the app's migrations wrote in this run and no map lets be."""
        for did, advice in iter_faults(self.connection, self.ownership, self.past.sequel, self.migration.app_label):
            since = self.past.sequel.say_since(self.migration.app_label)
            left = say_what_is_left(self.migration)
            raise MigrationError(f"migration {self.name} {did}; {left}: {advice} ({since})")

    def read_after(self) -> tuple[Found, list[tuple[Any, ...]]]:
        """Give the same as it is now, and the trespasses."""
        reads = self.has_written and (self.is_open or self.is_last)
        if not self.is_open:
            return self.read() if reads else self.before, []
        texts = [read_bare(__file__, "trespasses"), *([self.text] if reads else [])]
        trespasses, *rows = fetch_each(self.connection, *texts, **{**self.parameters, **self.get_trespass_parameters()})
        return _sort(rows[0]) if rows else self.before, trespasses

    def get_trespass_parameters(self) -> dict[str, Any]:
        return {
            "since": self.before["since"][""],
            "owner": self.schema.owner,
            "own": self.sides.own,
            "foreign": self.sides.foreign,
            "tied": [*self.before["tied"], *(() if self.goes_up else self.before["asking"])],
            "moved": sorted(self.sides.moved),
            "is_moving": bool(self.sides.moved),
            "engines": list_engines_tables(self.ownership, self.operations),
            "is_atomic": self.connection.in_atomic_block,
        }

    def list_lost(self, after: Found) -> Iterator[tuple[str, str]]:
        """Yield what of others is not as it was, or not there any more."""
        for name, count in self.before["count"].items():
            if int(after["count"].get(name, 0)) < int(count):
                yield "dropped", f"a {name}"
        for name, digest in self.before["tied"].items():
            goes_along = not self.goes_up and name in self.before["asking"]  # its policies, with what they ask
            if not goes_along and after["tied"].get(name, digest) != digest:
                yield "changed", name


def _sort(rows: list[tuple[Any, ...]]) -> Found:
    found: Found = defaultdict(dict)
    for kind, name, value in rows:
        found[kind][name] = value
    return found


@contextmanager
def followed(migration: Migration, act: Callable[[], None]) -> Iterator[None]:
    """Let each operation of the migration be followed by `act` inside the block."""
    for operation in migration.operations:
        for name in ("database_forwards", "database_backwards"):
            setattr(operation, name, _make_followed(getattr(operation, name), act))
    try:
        yield
    finally:
        for operation in migration.operations:
            for name in ("database_forwards", "database_backwards"):
                vars(operation).pop(name, None)


def _make_followed(run: Callable[..., Any], act: Callable[[], None]) -> Callable[..., None]:
    def run_and_act(*args: Any, **kwargs: Any) -> None:
        run(*args, **kwargs)
        act()

    return run_and_act
