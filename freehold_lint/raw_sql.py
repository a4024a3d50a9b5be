"""L040 to L043: SQL that people write names its schemas, and keeps to the rights of the schema that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.apps import apps

from freehold.findings import Finding
from freehold.ownership import Ownership
from freehold.scripts.pairs import shorten
from freehold_lint.crossings import list_readable, list_readers, list_shared
from freehold_lint.parsing import StatementError
from freehold_lint.texts import Source, iter_sources
from freehold_lint.uses import Use, list_uses

TITLES = {
    "L040": "SQL can't be parsed",
    "L041": "SQL names a table without its schema",
    "L042": "SQL reads, references or calls what no contract shares",
    "L043": "SQL writes into another schema",
}
_SYSTEM = ("pg_catalog", "information_schema", "pg_temp")
_SQLITE = ("sqlite_", "pragma_")
_NOT_SQL = "PRAGMA"  # SQLite's own statement
_CHANGED_ROWS = re.compile(r"\b(?:NEW|OLD)\s+TABLE\s+(?:AS\s+)?(\w+)", re.IGNORECASE)
_Found = tuple[str, str, str]  # rule, message, hint


def list_sql_findings(ownership: Ownership) -> list[Finding]:
    """Give what is wrong with the project's own SQL, sorted.

    Raises:
        MissingExtraError: there is no parser.
    """
    sources = list(iter_sources(ownership))
    changed = {name.lower() for source in sources for name in _CHANGED_ROWS.findall(source.text)}
    return sorted(each for source in sources for each in iter_source_findings(source, ownership, changed))


def iter_source_findings(source: Source, ownership: Ownership, changed: Collection[str] = ()) -> Iterator[Finding]:
    """Yield what is wrong with one text. `changed` are names that triggers give to the tables of rows they changed."""
    schema = ownership.find_schema_of_app(source.app)
    if schema is None or source.text.lstrip().upper().startswith(_NOT_SQL):
        return
    path = shorten(source.path)
    try:
        uses = list_uses(source.text, ownership.schema_names, list_columns)
    except StatementError as error:
        if not source.is_sqlite:
            line = source.line + source.text[: error.place].count("\n")
            hint = "Correct it; each file holds SQL of PostgreSQL, or has sqlite in its name."
            yield Finding("L040", path, f"PostgreSQL does not understand it: {error}.", hint, "error", path, line)
        return
    sphere = _Sphere(ownership, schema.name)
    for use in uses:
        if use.in_trigger and not use.schema and use.table in changed:
            continue
        if found := sphere.find_fault(use):
            line = source.line + source.text.encode()[: use.place].count(b"\n")
            yield Finding(found[0], describe(use), found[1], found[2], "error", path, line)


def list_columns(table: str) -> Collection[str]:
    """Give the columns of the model with that table."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table and not model._meta.proxy:
            return [str(field.column) for field in model._meta.local_concrete_fields]
    return ()


def describe(use: Use) -> str:
    """Give what is touched as people name it."""
    return f"{use.name} ({use.column})" if use.column else use.name


@dataclass(frozen=True)
class _Sphere:
    """What the SQL of a schema may touch: all of its own, what its service reads, and what contracts share."""

    ownership: Ownership
    schema: str

    @cached_property
    def readers(self) -> list[str]:
        """Who it is as the consumer of a contract."""
        return list_readers(self.ownership, self.schema)

    @cached_property
    def readable(self) -> set[str]:
        """The schemas that its service reads as a whole."""
        return list_readable(self.ownership, self.schema)

    def find_fault(self, use: Use) -> _Found | None:
        """Give what is wrong with touching that, or None."""
        if not use.schema:
            return None if use.table.startswith(_SQLITE) else self.describe_bare(use)
        if use.schema in (*_SYSTEM, self.schema):
            return None
        judges: dict[str, Callable[[Use], _Found | None]] = {
            "write": self.judge_write,
            "read": self.judge_read,
            "reference": self.judge_reference,
            "call": self.judge_call,
        }
        return judges[use.kind](use)

    def describe_bare(self, use: Use) -> _Found:
        """Give L041."""
        return (
            "L041",
            f"{use.table} has no schema before it, so that search_path decides which table that is.",
            f"Write {self.schema}.{use.table}, or pg_catalog.{use.table} where it is PostgreSQL's own.",
        )

    def judge_write(self, use: Use) -> _Found:
        """Give L043: no contract lets anyone write."""
        return (
            "L043",
            f"the SQL of schema {self.schema} writes, makes or alters {use.name}, which is {use.schema}'s alone.",
            f"Let the app that owns {use.schema} do it, in a function or service of its own.",
        )

    def judge_read(self, use: Use) -> _Found | None:
        """Give L042 for a column that is not shared; a table as such is read wherever some column is."""
        shared = list_shared(self.ownership, "read", self.readers, use.schema, use.table)
        if use.schema in self.readable or use.column in shared or (shared and not use.column):
            return None
        return self.describe_missing("reads", use, "read")

    def judge_reference(self, use: Use) -> _Found | None:
        """Give L042 for a key that is not shared; without a column it is the primary key."""
        shared = list_shared(self.ownership, "reference", [self.schema], use.schema, use.table)
        if use.column in shared or (shared and not use.column):
            return None
        return self.describe_missing("references", use, "reference")

    def judge_call(self, use: Use) -> _Found | None:
        """Give L042 for a function that is not shared."""
        shared = {
            signature.partition("(")[0]
            for contract in self.ownership.contracts
            if contract.schema == use.schema and contract.consumer in self.readers
            for signature in contract.call
        }
        return None if use.table in shared else self.describe_missing("calls", use, "call")

    def describe_missing(self, verb: str, use: Use, word: str) -> _Found:
        """Give L042."""
        return (
            "L042",
            f"the SQL of schema {self.schema} {verb} {describe(use)}, which no contract shares with "
            f"{' or '.join(self.readers)}.",
            f"Add it to `{word}` of a Contract({use.schema!r}, …) in the ownership map, or leave it out.",
        )
