"""Two tables that hold the same rows in different shapes while two releases write them: for a table that is changed on
its way to another owner. docs/moving-a-table.md, "A table whose shape changes"."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from psycopg import sql

from freehold.acting.roles import using_role
from freehold.errors import MigrationError
from freehold.operations.columns.attempts import Attempts
from freehold.operations.stepwise import TitledOperation
from freehold.operations.tables.mirroring import Place, TableMirror
from freehold.operations.tables.relocation import is_collected
from freehold.operations.tables.two_owners import check_declared, find_map, get_owner, let_into
from freehold.ownership import Ownership
from freehold.ownership.spelling import split_name
from freehold.progress import get_listener
from freehold.sqlfiles import read_statement

_TIMEOUT = "200ms"  # a batch holds row locks: it gives way before a client waits long for it
_FILLED = "freehold: filled up to "
_REACHED = """
SELECT pg_catalog.obj_description(oid, 'pg_trigger') FROM pg_catalog.pg_trigger
WHERE tgname = %s AND tgrelid = %s::regclass
"""
_TOUCH = """
WITH batch AS MATERIALIZED (
    SELECT {key} FROM {table} WHERE {after} ORDER BY {key} LIMIT {size} FOR NO KEY UPDATE
), touched AS (
    UPDATE {table} AS t SET {key} = t.{key} FROM batch WHERE t.{key} = batch.{key} RETURNING t.{key}
)
SELECT count(*), (SELECT batch.{key}::text FROM batch ORDER BY batch.{key} DESC LIMIT 1) FROM touched
"""


class _MirrorOperation(TitledOperation):
    """What the three operations share. PostgreSQL alone; on SQLite they do nothing, and data is copied by RunPython.

    `forward` gives the columns of `new` as SQL about the old row, `backward` those of `old` about the new one; the row
    is called `source`. `key` is the primary key's one column, of the same name in both.
    """

    fragment = "mirror_{self.old}"
    starts = True  # forwards; backwards it is the other way round

    def __init__(
        self, old: str, new: str, *, key: str, forward: Mapping[str, str], backward: Mapping[str, str]
    ) -> None:
        self.old, self.new, self.key = old, new, key
        self.forward, self.backward = dict(forward), dict(backward)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of it."""

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        self.switch(schema_editor, on=self.starts)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        self.switch(schema_editor, on=not self.starts)

    def switch(self, editor: Any, *, on: bool) -> None:
        """Mirror both ways from now on, or no more."""
        if not self.acts(editor):
            return
        mirrors = self.list_mirrors(editor)
        for mirror in sorted(mirrors, key=lambda each: each.source):  # in the order of names, as everyone locks them
            with self.being(editor, mirror.source):
                table = sql.Identifier(*mirror.source).as_string(None)
                editor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE", None)
        for mirror in mirrors:
            (self.make if on else self.drop)(editor, mirror)
        self.share_keys(editor, mirrors, by=2 if on else 1)

    def acts(self, editor: BaseDatabaseSchemaEditor) -> bool:
        """Tell whether there is anything to do: on PostgreSQL, where SQL is run and not shown."""
        return editor.connection.vendor == "postgresql" and not is_collected(editor, self.describe())

    def list_mirrors(self, editor: Any) -> list[TableMirror]:
        old, new = (split_name(name, editor.connection.schemas) for name in (self.old, self.new))
        for names in (self.forward, self.backward):
            if self.key not in names:
                raise MigrationError(
                    f"{type(self).__name__} of {self.old}: the key {self.key} is not among the columns"
                )
        return [TableMirror(old, new, self.key, self.forward), TableMirror(new, old, self.key, self.backward)]

    def find_map(self, editor: BaseDatabaseSchemaEditor) -> Ownership | None:
        """Give the map, which has to name the two tables as a move where they are two owners'."""
        ownership = find_map(editor.connection)
        if ownership:
            check_declared(ownership, self.old, self.new, view=False)
        return ownership

    def being(self, editor: BaseDatabaseSchemaEditor, place: Place) -> AbstractContextManager[None]:
        """Act as the owner of a table's schema."""
        ownership = self.find_map(editor)
        return using_role(editor.connection, get_owner(ownership, f"{place[0]}.")) if ownership else nullcontext()

    def make(self, editor: BaseDatabaseSchemaEditor, mirror: TableMirror) -> None:
        """Make a function as the owner of the table that it writes, and the trigger as the owner of the other."""
        ownership = self.find_map(editor)
        with self.being(editor, mirror.target):
            editor.execute(mirror.write_function(), None)
        if ownership is None:
            editor.execute(mirror.write_trigger(), None)
            return
        owner = get_owner(ownership, f"{mirror.source[0]}.")
        with self.being(editor, mirror.target):
            editor.execute(mirror.write_right("GRANT", "TO", owner), None)
        with let_into(editor.connection, ownership, mirror.target[0], owner):
            editor.execute(mirror.write_trigger(), None)
        if owner != get_owner(ownership, f"{mirror.target[0]}."):
            with self.being(editor, mirror.target):
                editor.execute(mirror.write_right("REVOKE", "FROM", owner), None)

    def drop(self, editor: BaseDatabaseSchemaEditor, mirror: TableMirror) -> None:
        for place, statement in zip((mirror.source, mirror.target), mirror.write_removal(), strict=True):
            with self.being(editor, place):
                editor.execute(statement, None)

    def share_keys(self, editor: Any, mirrors: list[TableMirror], *, by: int) -> None:
        """Let the sequences of both keys give different numbers: every second one each, or every one again.

        Two rows that both sides made at once would otherwise have one key, and be taken for one row.
        """
        sequences = [self.find_key(editor, mirror.source)[1] for mirror in mirrors]
        if None in sequences:
            return
        reached = 0
        for mirror, sequence in zip(mirrors, sequences, strict=True):
            with self.being(editor, mirror.source), editor.connection.cursor() as cursor:
                cursor.execute(f"ALTER SEQUENCE {sequence} INCREMENT BY {by}")
                # The server has quoted the name.
                cursor.execute(f"SELECT last_value + is_called::int FROM {sequence}")  # noqa: S608
                reached = max(reached, cursor.fetchone()[0])
        for place, (mirror, sequence) in enumerate(zip(mirrors, sequences, strict=True)):
            with self.being(editor, mirror.source):
                editor.execute(f"ALTER SEQUENCE {sequence} RESTART WITH {reached + place}", None)

    def find_key(self, editor: Any, place: Place) -> tuple[str, str | None]:
        """Give the type of a table's key, and its sequence or None.

        Raises:
            MigrationError: there is no such column.
        """
        parameters = {"schema": place[0], "name": place[1], "column": self.key}
        with editor.connection.cursor() as cursor:
            cursor.execute(read_statement(__file__, "find_key"), parameters)
            found: tuple[str, str | None] | None = cursor.fetchone()
        if found is None:
            raise MigrationError(
                f"{'.'.join(place)} has no column {self.key}, which is to be its key; nothing was applied"
            )
        return found


class MirrorTable(_MirrorOperation):
    """Writes each change of one table into the other from now on, both ways. Rows from before are for FillMirror."""

    title = "Mirror {self.old} and {self.new} from now on"


class StopMirror(_MirrorOperation):
    """Ends it, once no release uses the old table any more; backwards both are mirrored again."""

    title = "Mirror {self.old} and {self.new} no more"
    starts = False


class FillMirror(_MirrorOperation):
    """Brings the rows from before over, some at a time, while both tables are in use: for `atomic = False`.

    It touches each old row, so that its mirror writes it. How far it came is written down with each batch, on the
    trigger, so that a run that was cut off goes on where it stopped. Backwards there is nothing to do.
    """

    title = "Bring the rows of {self.old} to {self.new}"
    size = 5000

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if not self.acts(schema_editor):
            return
        if schema_editor.connection.in_atomic_block:
            raise MigrationError("FillMirror commits batch by batch: write atomic = False into its migration")
        mirror, _ = self.list_mirrors(schema_editor)
        kind, _ = self.find_key(schema_editor, mirror.source)
        attempts = Attempts(schema_editor.connection, self.old, _TIMEOUT)
        get_listener().start(f"{self.old} to {self.new}")
        while count := attempts.attempt(lambda: self.touch(schema_editor, attempts, mirror, kind), "a batch"):
            get_listener().advance(count)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        """Leave the rows: they are the old table's too."""

    def touch(self, editor: Any, attempts: Attempts, mirror: TableMirror, kind: str) -> int:
        """Touch the next rows, and write down how far it came; give how many they were."""
        key, table = (sql.Identifier(*names).as_string(None) for names in ((self.key,), mirror.source))
        with self.being(editor, mirror.source):
            found = attempts.fetch(_REACHED, [mirror.name, table])
            if not found:
                raise MigrationError(f"{self.old} is not mirrored: MirrorTable comes in an earlier migration")
            last = [found[0][0].removeprefix(_FILLED)] if found[0][0] else []
            after = f"{key} > %s::text::{kind}" if last else "true"
            statement = _TOUCH.format(key=key, table=table, after=after, size=self.size)
            ((count, reached),) = attempts.fetch(statement, last)
            if count:
                comment = sql.SQL("COMMENT ON TRIGGER {} ON {} IS {}").format(
                    sql.Identifier(mirror.name), sql.Identifier(*mirror.source), sql.Literal(f"{_FILLED}{reached}")
                )
                attempts.execute([comment.as_string(None)])
            return int(count)
