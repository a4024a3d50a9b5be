"""Moves a table: in PostgreSQL's catalogue alone, under one short lock, with all rights in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Model
from psycopg import sql

from freehold.acting.roles import using_role
from freehold.backends.postgresql.schemamoves import SchemaMove
from freehold.errors import MigrationError
from freehold.operations.tables.dependents import Dependent, Passage, list_dependents
from freehold.operations.tables.handover import Handover, prepare_handover
from freehold.operations.tables.readers import Place
from freehold.operations.tables.two_owners import as_both_owners, check_declared, find_map, get_owner, let_into
from freehold.ownership import Move, Ownership
from freehold.ownership.compilation import Declared
from freehold.ownership.moves import MARK, write_comment
from freehold.ownership.spelling import split_name
from freehold.rights.declared import declare
from freehold.sqlfiles import read_statement

_Granted = tuple[str, str, str]  # as sql/list_held.sql gives it: privilege, grantee, column
_KINDS = {"r": "table", "p": "partitioned table", "v": "view", "m": "materialized view", "f": "foreign table"}


def relocate(
    editor: BaseDatabaseSchemaEditor,
    pairs: Sequence[tuple[str, str]],
    model: type[Model] | None,
    *,
    view: bool,
    back: bool = False,
) -> None:
    """Move each table from its old name to its new one, or `back`.

    All are locked first, in the order of their names, so that two moves can't wait for each other.

    Raises:
        MigrationError: the map names no such move, a table is not there, or something is in its way.
    """
    if is_collected(editor, f"Move {' and '.join(' to '.join(pair) for pair in pairs)}"):
        return
    if editor.connection.vendor != "postgresql":
        for old, new in pairs:
            _rename_table(editor, model, *((new, old) if back else (old, new)))
        return
    if not editor.atomic_migration:
        raise MigrationError(
            "MoveTable is all or nothing, and needs a migration with a transaction: drop atomic = False"
        )
    moves = [_TableMove(editor, old, new, model, view=view, back=back) for old, new in pairs]
    for move in sorted(moves, key=lambda each: each.here):
        move.lock()
    for move in moves:
        move.go()


def is_collected(editor: BaseDatabaseSchemaEditor, what: str) -> bool:
    """Tell whether SQL is only shown (`sqlmigrate`); what is done is then said in words, for the catalogue decides."""
    if editor.collect_sql:
        editor.collected_sql.append(f"-- {what}: its statements are made from what the catalogue holds")
    return bool(editor.collect_sql)


def _rename_table(editor: BaseDatabaseSchemaEditor, model: Any, here: str, there: str) -> None:
    """Rename a table of SQLite, where its name holds the schema; what points at it follows."""
    if here not in editor.connection.introspection.table_names():
        raise MigrationError(f"table {here} is not there, so that it can't become {there}")
    editor.alter_db_table(model, here, there)


def set_view(editor: BaseDatabaseSchemaEditor, old: str, new: str, *, there: bool) -> None:
    """Make the view under the old name, with what the map declares granted at the end of the run, or drop it."""
    what = f"Create view {old} of {new}" if there else f"Drop view {old}"
    if editor.connection.vendor == "postgresql" and not is_collected(editor, what):
        move = _TableMove(editor, old, new, None, view=True)
        move.make_view() if there else move.drop_view()


class _Nameless:
    """Stands for the model of a table that has none: it chose no names."""

    class _meta:  # noqa: N801 - as Django calls it
        indexes: tuple[Any, ...] = ()
        constraints: tuple[Any, ...] = ()


class _TableMove:
    """One table on its way from `here` to `there`: `old` and `new`, or the other way round where it goes back."""

    def __init__(
        self, editor: Any, old: str, new: str, model: type[Model] | None, *, view: bool, back: bool = False
    ) -> None:
        self.editor, self.connection, self.model = editor, editor.connection, model
        self.view, self.back = view, back
        self.old, self.new = self.split(old), self.split(new)
        self.here, self.there = (self.new, self.old) if back else (self.old, self.new)
        self.ownership: Ownership | None = find_map(self.connection)
        self.move: Move | None = None
        self.holder = ""
        self.declared: Declared | None = None
        self.handover = Handover()
        if self.ownership:
            self.move = check_declared(self.ownership, old, new, view=view)
            self.declared = declare(self.ownership, self.connection.settings_dict["NAME"])
            self.handover = prepare_handover(self.declared, self.old, self.new, back=back)

    def split(self, name: str) -> Place:
        schema, bare = split_name(name, self.connection.schemas)
        return (schema, bare) if schema else self.editor.find_table(name)

    # --- The move ------------------------------------------------------------------------------------------------
    def lock(self) -> None:
        """Keep everyone else away from the table; wait no longer than the migration's lock_timeout.

        Whoever waits for it meanwhile looks its name up anew, and then finds the view. On the way back the view goes
        first: whoever writes through it has locked the view before the table.
        """
        if self.back and self.view:
            self.drop_view()
        self.holder = self.find_holder()
        with self.entering(self.here[0], self.holder):
            self.run("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", sql.Identifier(*self.here))

    def go(self) -> None:
        self.check_free()
        held = self.fetch("list_held", self.here) if self.view and not self.back else []
        columns = [name for (name,) in self.fetch("list_view_columns", self.here)]
        _check_readers(".".join(self.here), held, set(columns))
        self.check_dependents()
        statistics = self.fetch("list_statistics", self.here)
        with (
            as_both_owners(self.connection, self.ownership, self.here[0], self.there[0], self.holder)
            if self.ownership
            else nullcontext()
        ):
            for statement in self.list_renamings():
                self.editor.execute(statement, None)
            for schema, name in statistics:
                self.move_statistics(schema, name)
            self.hand_over("TABLE", self.there)
        if self.view and not self.back:
            self.make_view(held)
        sequences = [name for (name,) in self.fetch("list_sequences", self.there)]
        self.handover.apply(self.connection, sequences, columns)

    def list_renamings(self) -> list[str]:
        """Give the statements that move and rename the table, its indexes and its sequences."""
        (source, old), (target, new) = self.here, self.there
        if source != target:
            model: Any = self.model or _Nameless
            return SchemaMove(self.editor, model, self.here, self.there).list_statements()
        if old == new:
            return []
        before, after = (sql.Identifier(*names).as_string(None) for names in ((source, old), (new,)))
        return [f"ALTER TABLE {before} RENAME TO {after}"]

    def move_statistics(self, schema: str, name: str) -> None:
        """Let extended statistics follow: PostgreSQL leaves them where they are."""
        target = self.there[0]
        if schema != target:
            self.run("ALTER STATISTICS {} SET SCHEMA {}", sql.Identifier(schema, name), sql.Identifier(target))
        self.hand_over("STATISTICS", (target, name))

    def hand_over(self, kind: str, place: Place) -> None:
        if self.ownership:
            owner = sql.Identifier(get_owner(self.ownership, f"{place[0]}."))
            self.run(f"ALTER {kind} {{}} OWNER TO {{}}", sql.Identifier(*place), owner)

    # --- The view --------------------------------------------------------------------------------------------------
    def make_view(self, held: Sequence[_Granted] = ()) -> None:
        """Put the view under the old name, granted as the table was."""
        view, table = sql.Identifier(*self.old), sql.Identifier(*self.new)
        names = [sql.Identifier(name) for (name,) in self.fetch("list_view_columns", self.new)]
        columns = sql.SQL(", ").join(names)
        text = write_comment(self.move) if self.move else f"{MARK}{'.'.join(self.new)} under its old name"
        owner = get_owner(self.ownership, f"{self.old[0]}.") if self.ownership else ""
        with self.entering(self.new[0], owner):
            self.run("CREATE VIEW {} WITH (security_invoker = true) AS SELECT {} FROM {}", view, columns, table)
            self.run("COMMENT ON VIEW {} IS {}", view, sql.Literal(text))
            for privilege, grantee, column in held:
                part = sql.SQL(" ({})").format(sql.Identifier(column)) if column else sql.SQL("")
                role = sql.Identifier(grantee) if grantee else sql.SQL("PUBLIC")
                self.run("GRANT {}{} ON {} TO {}", sql.SQL(privilege), part, view, role)

    def drop_view(self) -> None:
        """Drop the view, if it is there and is one of ours."""
        found = self.find(self.old)
        if found is None:
            return
        if found[0] != "v":
            raise MigrationError(
                f"{'.'.join(self.old)} is a {_KINDS[found[0]]} and not the view of {'.'.join(self.new)}"
            )
        with using_role(self.connection, found[1]) if self.ownership else nullcontext():
            self.run("DROP VIEW {}", sql.Identifier(*self.old))

    # --- What is there -----------------------------------------------------------------------------------------------
    def find_holder(self) -> str:
        """Give who owns the table.

        Raises:
            MigrationError: it is not there, or is no plain table.
        """
        found, name = self.find(self.here), ".".join(self.here)
        if found is None:
            raise MigrationError(f"table {name} is not there; nothing of the migration was applied")
        if found[0] != "r":
            raise MigrationError(f"{name} is a {_KINDS[found[0]]}, and only a plain table can be moved")
        return found[1]

    def check_free(self) -> None:
        """Refuse where the name is taken.

        Raises:
            MigrationError: something has it.
        """
        found = self.find(self.there) if self.here != self.there else None
        if found:
            raise MigrationError(
                f"{'.'.join(self.here)} can't become {'.'.join(self.there)}: there is a {_KINDS[found[0]]} of that "
                f"name already; nothing of the migration was applied"
            )

    def check_dependents(self) -> None:
        """Refuse where something would fail once the table is another owner's.

        Raises:
            MigrationError: something would; the message names each thing.
        """
        if self.declared is None or self.here[0] == self.there[0]:
            return
        passage = Passage(self.declared, self.here, self.there, self.holder)
        with self.connection.cursor() as cursor:
            found = [each for each in list_dependents(cursor, passage) if each.stops]
        if found:
            raise MigrationError(_explain(".".join(self.here), ".".join(self.there), found))

    def find(self, place: Place) -> tuple[str, str] | None:
        """Give the kind and the owner of what has a name, or None."""
        rows = self.fetch("find_relation", place)
        return rows[0] if rows else None

    def fetch(self, statement: str, place: Place) -> list[Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(read_statement(__file__, statement), {"schema": place[0], "name": place[1]})
            rows: list[Any] = cursor.fetchall()
            return rows

    def run(self, statement: str, *parts: sql.Composable) -> None:
        self.editor.execute(sql.SQL(statement).format(*parts).as_string(None), None)

    def entering(self, schema: str, role: str) -> AbstractContextManager[None]:
        """Act as a role, who may name what lies in a schema meanwhile."""
        return let_into(self.connection, self.ownership, schema, role) if self.ownership else nullcontext()


def _explain(here: str, there: str, found: Sequence[Dependent]) -> str:
    what = "; ".join(dict.fromkeys(each.what for each in found))
    ways = "; ".join(dict.fromkeys(each.way for each in found if each.way))
    return (
        f"{here} can't become {there}, since what depends on it would fail or change: {what}. The way out: {ways}; "
        f"nothing of the migration was applied"
    )


def _check_readers(table: str, held: Sequence[_Granted], columns: set[str]) -> None:
    """Refuse where someone reads a part of the columns: a security_invoker view asks for a right to all of them.

    Raises:
        MigrationError: someone does.
    """
    whole = {grantee for privilege, grantee, column in held if privilege == "SELECT" and not column}
    for reader in sorted({grantee for privilege, grantee, column in held if privilege == "SELECT" and column} - whole):
        lacking = columns - {column for word, grantee, column in held if (word, grantee) == ("SELECT", reader)}
        if lacking:
            raise MigrationError(
                f"{reader} may read a part of the columns of {table}, and through a view it could read none of them: "
                f"let its contract list {', '.join(sorted(lacking))} too while the view stays, or move without a view; "
                f"nothing of the migration was applied"
            )
