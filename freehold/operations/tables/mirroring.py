"""Triggers that write what changes in one table into another one of another shape, which may be another owner's.

A trigger's function belongs to the owner of the table that it writes, and runs as that owner (SECURITY DEFINER): nobody
gets a right on the other table for it. A row that a mirror wrote is not mirrored back: the transaction says meanwhile
that a mirror is at work. `pg_trigger_depth()` would say so of rows that a foreign key's cascade deletes too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

Place = tuple[str, str]  # schema and bare name
_WORKING = "freehold.mirroring"
FUNCTION = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS {body}
"""
_BODY = """
BEGIN
    IF pg_catalog.current_setting('{working}', true) = 'on' THEN
        RETURN NULL;
    END IF;
    PERFORM pg_catalog.set_config('{working}', 'on', true);
    IF TG_OP <> 'INSERT' AND (TG_OP = 'DELETE' OR OLD.{key} IS DISTINCT FROM NEW.{key}) THEN
        DELETE FROM {target} WHERE {key} = OLD.{key};
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO {target} ({columns}) OVERRIDING SYSTEM VALUE
        SELECT {values} FROM (SELECT NEW.*) AS source
        ON CONFLICT ({key}) DO UPDATE SET {updates};
    END IF;
    PERFORM pg_catalog.set_config('{working}', '', true);
    RETURN NULL;
END
"""
_TRIGGER = """
CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()
"""


@dataclass(frozen=True)
class TableMirror:
    """One direction: changes of `source` go to `target`, whose columns are SQL about the row called `source`."""

    source: Place
    target: Place
    key: str
    columns: Mapping[str, str]

    @property
    def name(self) -> str:
        """The trigger's name, and the bare name of its function, which lies beside the table that it writes."""
        return f"mirror_{self.source[0]}_{self.source[1]}"

    @property
    def function(self) -> sql.Identifier:
        return sql.Identifier(self.target[0], self.name)

    def write_function(self) -> str:
        names = {name: sql.Identifier(name).as_string(None) for name in (self.key, *self.columns)}
        others = [name for name in self.columns if name != self.key] or [self.key]
        body = _BODY.format(
            working=_WORKING,
            key=names[self.key],
            target=sql.Identifier(*self.target).as_string(None),
            columns=", ".join(names[name] for name in self.columns),
            values=", ".join(self.columns.values()),
            updates=", ".join(f"{names[name]} = EXCLUDED.{names[name]}" for name in others),
        )
        return sql.SQL(FUNCTION).format(function=self.function, body=sql.Literal(body)).as_string(None)

    def write_trigger(self) -> str:
        """Give CREATE TRIGGER, for the owner of the source, who must be able to execute the function at this moment."""
        parts = {
            "name": sql.Identifier(self.name),
            "table": sql.Identifier(*self.source),
            "function": self.function,
        }
        return sql.SQL(_TRIGGER).format(**parts).as_string(None)

    def write_right(self, verb: str, word: str, role: str) -> str:
        """Give the GRANT or REVOKE of what the source's owner needs for the trigger."""
        statement = sql.SQL("{} EXECUTE ON FUNCTION {}() {} {}")
        return statement.format(sql.SQL(verb), self.function, sql.SQL(word), sql.Identifier(role)).as_string(None)

    def write_removal(self) -> tuple[str, str]:
        """Give what drops the trigger, for the owner of the source, and the function, for the target's."""
        trigger = sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(self.name), sql.Identifier(*self.source))
        return trigger.as_string(None), sql.SQL("DROP FUNCTION {}()").format(self.function).as_string(None)
