"""Two tables that hold the same rows in different shapes while two releases write them: for a table that is changed on
its way to another owner. docs/moving-a-table.md, "A table whose shape changes"."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import OperationalError, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from psycopg import sql

from freehold.acting.roles import using_role
from freehold.backends.names import split_name
from freehold.errors import MigrationError
from freehold.operations.tables.crossing import check_declared, find_map, get_owner, let_into
from freehold.operations.tables.mirroring import Mirror, Place
from freehold.operations.tables.relocation import is_collected
from freehold.ownership import Ownership
from freehold.sqlfiles import read_statement

_LOG = logging.getLogger("freehold.mirrors")
BATCH, TIMEOUT, ATTEMPTS = 5000, "200ms", 50
_TRANSIENT = {"55P03", "40P01"}  # lock_not_available, deadlock_detected
_FILLED = "freehold: filled up to "
_TOUCH = """
WITH batch AS MATERIALIZED (
    SELECT {key} FROM {table} WHERE {after} ORDER BY {key} LIMIT {size} FOR NO KEY UPDATE
), touched AS (
    UPDATE {table} AS t SET {key} = t.{key} FROM batch WHERE t.{key} = batch.{key} RETURNING t.{key}
)
SELECT count(*), (SELECT batch.{key}::text FROM batch ORDER BY batch.{key} DESC LIMIT 1) FROM touched
"""


class MirrorOperation(Operation):
    """What the three operations share. PostgreSQL alone; on SQLite they do nothing, and data is copied by RunPython.

    `forward` gives the columns of `new` as SQL about the old row, `backward` those of `old` about the new one; the row
    is called `source`. `key` is the primary key's one column, of the same name in both.
    """

    def __init__(
        self, old: str, new: str, *, key: str, forward: Mapping[str, str], backward: Mapping[str, str]
    ) -> None:
        self.old, self.new, self.key = old, new, key
        self.forward, self.backward = dict(forward), dict(backward)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (
            type(self).__name__,
            [self.old, self.new],
            {"key": self.key, "forward": self.forward, "backward": self.backward},
        )

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of it."""

    def acts(self, editor: BaseDatabaseSchemaEditor) -> bool:
        """Tell whether there is anything to do: on PostgreSQL, where SQL is run and not shown."""
        return editor.connection.vendor == "postgresql" and not is_collected(editor, self.describe())

    def list_mirrors(self, editor: Any) -> list[Mirror]:
        old, new = (split_name(name, editor.connection.schemas) for name in (self.old, self.new))
        for names in (self.forward, self.backward):
            if self.key not in names:
                raise MigrationError(
                    f"{type(self).__name__} of {self.old}: the key {self.key} is not among the columns"
                )
        return [Mirror(old, new, self.key, self.forward), Mirror(new, old, self.key, self.backward)]

    def find_map(self, editor: BaseDatabaseSchemaEditor) -> Ownership | None:
        """Give the map, which has to name the two tables as a move where they are two owners'."""
        ownership = find_map(editor.connection)
        if ownership:
            check_declared(ownership, self.old, self.new, view=False)
        return ownership

    def being(self, editor: BaseDatabaseSchemaEditor, place: Place) -> AbstractContextManager[None]:
        ownership = self.find_map(editor)
        return using_role(editor.connection, get_owner(ownership, f"{place[0]}.")) if ownership else nullcontext()

    def make(self, editor: BaseDatabaseSchemaEditor, mirror: Mirror) -> None:
        """Make a function as the owner of the table that it writes, and the trigger as the owner of the other."""
        ownership = self.find_map(editor)
        with self.being(editor, mirror.target):
            editor.execute(mirror.write_function(), None)
        if ownership is None:
            editor.execute(mirror.write_trigger(), None)
            return
        owner = get_owner(ownership, f"{mirror.source[0]}.")
        is_others = owner != get_owner(ownership, f"{mirror.target[0]}.")
        with self.being(editor, mirror.target):
            editor.execute(mirror.write_right("GRANT", "TO", owner), None)
        with let_into(editor.connection, ownership, mirror.target[0], owner):
            editor.execute(mirror.write_trigger(), None)
        if is_others:
            with self.being(editor, mirror.target):
                editor.execute(mirror.write_right("REVOKE", "FROM", owner), None)

    def drop(self, editor: BaseDatabaseSchemaEditor, mirror: Mirror) -> None:
        trigger, function = mirror.write_removal()
        with self.being(editor, mirror.source):
            editor.execute(trigger, None)
        with self.being(editor, mirror.target):
            editor.execute(function, None)

    def start(self, editor: BaseDatabaseSchemaEditor) -> None:
        lock(self, editor)
        for mirror in self.list_mirrors(editor):
            self.make(editor, mirror)
        _share_keys(self, editor, by=2)

    def stop(self, editor: BaseDatabaseSchemaEditor) -> None:
        lock(self, editor)
        for mirror in self.list_mirrors(editor):
            self.drop(editor, mirror)
        _share_keys(self, editor, by=1)


class MirrorTable(MirrorOperation):
    """Writes each change of one table into the other from now on, both ways. Rows from before are for FillMirror."""

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if self.acts(schema_editor):
            self.start(schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if self.acts(schema_editor):
            self.stop(schema_editor)

    def describe(self) -> str:
        return f"Mirror {self.old} and {self.new} from now on"


class StopMirror(MirrorOperation):
    """Ends it, once no release uses the old table any more; backwards both are mirrored again."""

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if self.acts(schema_editor):
            self.stop(schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if self.acts(schema_editor):
            self.start(schema_editor)

    def describe(self) -> str:
        return f"Mirror {self.old} and {self.new} no more"


class FillMirror(MirrorOperation):
    """Brings the rows from before over, some at a time, while both tables are in use: for `atomic = False`.

    It touches each old row, so that its mirror writes it. How far it came is written down with each batch, on the
    trigger, so that a run that was cut off goes on where it stopped. Backwards there is nothing to do.
    """

    reversible = True
    size = BATCH

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if not self.acts(schema_editor):
            return
        if schema_editor.connection.in_atomic_block:
            raise MigrationError("FillMirror commits batch by batch: write atomic = False into its migration")
        mirror, _ = self.list_mirrors(schema_editor)
        kind, _ = _find_key(schema_editor.connection, mirror.source, self.key)
        total = 0
        while count := self.outlast(lambda: self.touch(schema_editor, mirror, kind)):
            total += count
            _LOG.info("%s to %s: %s rows", self.old, self.new, f"{total:,}")

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        """Leave the rows: they are the old table's too."""

    def touch(self, editor: Any, mirror: Mirror, kind: str) -> int:
        """Touch the next rows in a transaction, and write down how far it came; give how many they were."""
        connection = editor.connection
        with (
            transaction.atomic(using=connection.alias),
            self.being(editor, mirror.source),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT pg_catalog.set_config('lock_timeout', %s, true)", [TIMEOUT])
            cursor.execute(
                "SELECT pg_catalog.obj_description(oid, 'pg_trigger') FROM pg_catalog.pg_trigger "
                "WHERE tgname = %s AND tgrelid = %s::regclass",
                [mirror.name, sql.Identifier(*mirror.source).as_string(None)],
            )
            found = cursor.fetchone()
            if found is None:
                raise MigrationError(f"{self.old} is not mirrored: MirrorTable comes in an earlier migration")
            last = (found[0] or "").removeprefix(_FILLED) if found[0] else None
            statement = _TOUCH.format(
                key=sql.Identifier(self.key).as_string(None),
                table=sql.Identifier(*mirror.source).as_string(None),
                after="true" if last is None else f"{sql.Identifier(self.key).as_string(None)} > %s::text::{kind}",
                size=self.size,
            )
            cursor.execute(statement, [] if last is None else [last])
            count, reached = cursor.fetchone()
            if count:
                cursor.execute(
                    sql.SQL("COMMENT ON TRIGGER {} ON {} IS {}")
                    .format(
                        sql.Identifier(mirror.name), sql.Identifier(*mirror.source), sql.Literal(f"{_FILLED}{reached}")
                    )
                    .as_string(None)
                )
            return int(count)

    def outlast(self, act: Callable[[], int]) -> int:
        """Give what `act` gives; a batch that others hold up stands back and tries again."""
        for attempt in range(ATTEMPTS, 0, -1):
            try:
                return act()
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) not in _TRANSIENT or attempt == 1:
                    raise
        raise AssertionError("unreachable")

    def describe(self) -> str:
        return f"Bring the rows of {self.old} to {self.new}"


def lock(operation: MirrorOperation, editor: Any) -> None:
    """Lock both tables, in the order of their names, against writers."""
    for mirror in sorted(operation.list_mirrors(editor), key=lambda each: each.source):
        with operation.being(editor, mirror.source):
            table = sql.Identifier(*mirror.source).as_string(None)
            editor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE", None)


def _find_key(connection: Any, place: Place, key: str) -> tuple[str, str | None]:
    """Give the type of the key, and its sequence or None.

    Raises:
        MigrationError: there is no such column.
    """
    with connection.cursor() as cursor:
        cursor.execute(read_statement(__file__, "find_key"), {"schema": place[0], "name": place[1], "column": key})
        found: tuple[str, str | None] | None = cursor.fetchone()
    if found is None:
        raise MigrationError(f"{'.'.join(place)} has no column {key}, which is to be its key; nothing was applied")
    return found


def _share_keys(operation: MirrorOperation, editor: Any, *, by: int) -> None:
    """Let the sequences of both keys give different numbers: every second one each, or every one again.

    Two rows that both sides made at once would otherwise have one key, and be taken for one row.
    """
    mirrors = operation.list_mirrors(editor)
    sequences = [_find_key(editor.connection, mirror.source, operation.key)[1] for mirror in mirrors]
    if None in sequences:
        return
    reached = 0
    for mirror, sequence in zip(mirrors, sequences, strict=True):
        with operation.being(editor, mirror.source), editor.connection.cursor() as cursor:
            cursor.execute(f"ALTER SEQUENCE {sequence} INCREMENT BY {by}")
            cursor.execute(f"SELECT last_value + is_called::int FROM {sequence}")  # noqa: S608 - as the server quotes it
            reached = max(reached, cursor.fetchone()[0])
    for place, (mirror, sequence) in enumerate(zip(mirrors, sequences, strict=True)):
        with operation.being(editor, mirror.source):
            editor.execute(f"ALTER SEQUENCE {sequence} RESTART WITH {reached + place}", None)
