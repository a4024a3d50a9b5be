"""The trigger that keeps two columns the same, whichever of them a statement writes."""

from __future__ import annotations

from dataclasses import dataclass

from freehold.backends.names import quote_whole
from freehold.backends.postgresql.schemamoves import LONGEST
from freehold.operations.columns.attempts import LiveTable
from freehold.operations.columns.readings import make_name

# Row triggers fire in the order of their names: after those that may still change one of the columns.
_FIRST = "zz_"
# A value that is the other's already, converted, leaves the other as it is: conversions may lose something.
_BODY = """
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.{new} IS NULL THEN
            NEW.{new} := {forward};
        ELSIF NEW.{new}::text IS DISTINCT FROM CAST({forward} AS {new_type})::text THEN
            NEW.{old} := {backward};
        END IF;
    ELSIF NEW.{new}::text IS DISTINCT FROM OLD.{new}::text THEN
        IF NEW.{new}::text IS DISTINCT FROM CAST({forward} AS {new_type})::text THEN
            NEW.{old} := {backward};
        END IF;
    ELSIF NEW.{old}::text IS DISTINCT FROM OLD.{old}::text THEN
        IF NEW.{old}::text IS DISTINCT FROM CAST({backward} AS {old_type})::text THEN
            NEW.{new} := {forward};
        END IF;
    END IF;
    RETURN NEW;
END
"""
CREATE = (
    "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
    "SET search_path = public, pg_temp AS {tag}{body}{tag}",
    "REVOKE ALL ON FUNCTION {function}() FROM PUBLIC",
    "CREATE OR REPLACE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
)
DROP = ("DROP TRIGGER IF EXISTS {trigger} ON {table}", "DROP FUNCTION IF EXISTS {function}()")
_TAG = "$freehold$"
_CONVERT = '(SELECT {expression} FROM (SELECT NEW.{name} AS {name}) AS "row")'


@dataclass(frozen=True)
class Conversion:
    """Two columns and how either becomes the other: SQL that names the column which it takes the value from.

    An empty expression takes the value as it is.
    """

    old: str
    new: str
    old_type: str
    new_type: str
    forward: str = ""
    backward: str = ""

    def get_expression(self, target: str) -> str:
        """Give what fills a column, in terms of the table's columns."""
        if target == self.new:
            return self.forward or quote_whole(self.old)
        return self.backward or quote_whole(self.new)


class ColumnMirror:
    """The trigger of two columns and its function, which lies in the table's schema."""

    def __init__(self, conversion: Conversion, table: LiveTable) -> None:
        self.conversion, self.table = conversion, table.quoted
        name = f"{_FIRST}{table.bare}_{conversion.old}_{conversion.new}"
        name = name if len(name.encode()) <= LONGEST else make_name(name, "mirror")
        self.trigger = quote_whole(name)
        self.function = f"{quote_whole(table.schema)}.{self.trigger}"

    def list_creation(self) -> list[str]:
        parts = {"function": self.function, "trigger": self.trigger, "table": self.table, "tag": _TAG}
        return [statement.format(body=self.write_body(), **parts) for statement in CREATE]

    def list_removal(self) -> list[str]:
        return [each.format(function=self.function, trigger=self.trigger, table=self.table) for each in DROP]

    def write_body(self) -> str:
        each = self.conversion
        return _BODY.format(
            old=quote_whole(each.old),
            new=quote_whole(each.new),
            old_type=each.old_type,
            new_type=each.new_type,
            forward=convert(each.forward, each.old),
            backward=convert(each.backward, each.new),
        )


def convert(expression: str, column: str) -> str:
    """Give an expression about a column so that it is about the row at hand."""
    name = quote_whole(column)
    return _CONVERT.format(expression=expression, name=name) if expression else f"NEW.{name}"
