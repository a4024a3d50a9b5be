"""Says what PostgreSQL refused a service in the words that SQLite's authorizer uses: service, table, column, owner,
contract and way out. The server names a table without its schema, no column, and no owner.

Made only where a statement was refused. The transaction is then over, so that nothing is asked of the server: what is
known of rights comes with who acts, which the ownership map compiled.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db import ProgrammingError

from freehold.acting import Acting, get_acting
from freehold.acting.refusals import (
    refuse_by_database,
    refuse_call,
    refuse_connection,
    refuse_inside,
    refuse_read,
    refuse_role,
    refuse_structure,
    refuse_ticket,
    refuse_undecided,
    refuse_withheld,
    refuse_write,
)
from freehold.backends.errors import AccessError
from freehold.backends.mentions import StatementWords
from freehold.backends.missing import list_tables
from freehold.backends.rowrules import refuse_row
from freehold.ownership.spelling import split_name

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

REFUSED: Final = "42501"  # insufficient_privilege (manual, appendix A)
_RAISED: Final = "exec_stmt_raise"  # RAISE in PL/pgSQL: a function's own words
# In the server's language; of another than English only what is in quotes or last can be told.
_DENIED = re.compile(r'permission denied for (?P<kind>[a-z ]+?) "?(?P<name>[^"]+?)"?$')
_DENIED_TO = re.compile(r"permission denied to (?P<what>.+)$")
_NOT_OWNER = re.compile(r'must be owner of (?P<kind>[a-z ]+?) "?(?P<name>[^"]+?)"?$')
ROW = re.compile(
    r'new row violates row-level security policy (?P<old>\(USING expression\) )?(".+" )?for table "(?P<name>.+)"$'
)
_STRUCTURAL: Final = frozenset(
    {"create", "alter", "drop", "comment", "truncate", "reindex", "cluster", "refresh", "grant", "revoke"}
)
_TABLES: Final = frozenset({"table", "view", "materialized view", "foreign table", "relation", "column"})
_ROUTINES: Final = frozenset({"function", "procedure", "aggregate", "routine"})


def explain(connection: DatabaseWrapper, error: ProgrammingError, query: Any) -> Exception | None:
    """Give the error to raise in the place of one that refuses a service; None for any other error.

    Neither the statement nor its values stand in the message.
    """
    found = get_acting()
    cause: Any = error.__cause__
    if found is None or getattr(cause, "sqlstate", None) != REFUSED or cause.diag.source_function == _RAISED:
        return None
    if not found.applies_to(connection.settings_dict["USER"]):
        return None
    primary = str(cause.diag.message_primary)
    text = str(query.as_string(connection.connection)) if hasattr(query, "as_string") else query
    refused = _RefusedStatement(found, StatementWords(text, connection.schemas))
    if not found.service:
        return AccessError(refuse_undecided(primary), about=refused.name(primary))
    if cause.diag.context:
        return AccessError(refuse_inside(found, primary), about=refused.name(primary))
    return refused.put(primary)


def name_denied(primary: str) -> tuple[str, str]:
    """Give kind and name of what the server refused, as it says them; what can't be told is `server`, unnamed."""
    if match := ROW.search(primary):
        return "table", match["name"]
    if match := _DENIED.match(primary) or _NOT_OWNER.match(primary):
        return match["kind"].replace(" ", "_"), match["name"]
    return "server", ""


class _RefusedStatement:
    """What the server said, beside the statement that it said it of."""

    def __init__(self, acting: Acting, statement: StatementWords) -> None:
        self.acting, self.statement = acting, statement

    def name(self, primary: str) -> tuple[str, str]:
        kind, name = name_denied(primary)
        return kind, self.find_table(name) if kind == "table" else name

    def put(self, primary: str) -> Exception:
        if match := ROW.search(primary):
            return self.put_row(match["name"], bool(match["old"])) or AccessError(
                refuse_connection(self.acting, primary)
            )
        if match := _DENIED.match(primary):
            return self.put_denied(match["kind"], match["name"])
        if match := _NOT_OWNER.match(primary):
            return self.put_structure()
        return self.put_other(primary)

    def put_row(self, bare: str, is_old: bool) -> Exception | None:
        is_insert = self.statement.find_write(self.find_table(bare)) == "insert into"
        try:
            refuse_row(self.find_table(bare), "insert" if is_insert and not is_old else "update")
        except ProgrammingError as refusal:
            return refusal
        except LookupError:  # policies that no model declares
            return None

    def put_denied(self, kind: str, name: str) -> AccessError:
        if self.is_about_ticket(name):
            return AccessError(refuse_ticket(self.acting), about=("function", name))
        if self.statement.action.partition(" ")[0] in _STRUCTURAL:
            return self.put_structure()
        if kind == "schema":
            return self.put_schema(name)
        if kind in _ROUTINES:
            mention = self.statement.find(name)
            return self.put_call(f"{mention.schema}.{name}" if mention else name)
        if kind == "sequence":
            tables = [table for table in list_tables() if name.startswith(f"{self.split(table)[1]}_")]
            table = max(tables, key=len, default=name)
            return AccessError(refuse_write(self.acting, table, "take a number from a sequence of"), table)
        if kind in _TABLES:
            return self.put_table(self.find_table(name))
        return self.put_other(f"permission denied to use {kind} {name}")

    def is_about_ticket(self, name: str) -> bool:
        """Tell whether what was refused is what came before the statement, which made a ticket."""
        asking = self.acting.asking
        is_sealing = asking is not None and self.acting.needs_ticket and name in asking.seal.split(".")
        return is_sealing and not self.statement.find(name) and not self.statement.find(schema=name)

    def put_schema(self, schema: str) -> AccessError:
        """PostgreSQL says the same of each thing in a schema that a service may not even name."""
        mention = self.statement.find(schema=schema)
        if mention is None:
            return AccessError(refuse_by_database(self.acting, f"schema {schema}"), about=("schema", schema))
        if self.statement.is_sign(mention.end, "(") and not self.statement.find_write(f"{schema}.{mention.name}"):
            return self.put_call(f"{schema}.{mention.name}")
        return self.put_table(f"{schema}.{mention.name}")

    def put_call(self, function: str) -> AccessError:
        return AccessError(refuse_call(self.acting, function), about=("function", function))

    def put_table(self, table: str) -> AccessError:
        rights, verb = self.acting.rights, self.statement.find_write(table)
        if rights.withholds(table):
            return AccessError(refuse_withheld(self.acting, table, verb), table)
        if verb and not rights.may_write(table):
            return AccessError(refuse_write(self.acting, table, verb), table)
        if rights.may_write(table):
            return AccessError(refuse_by_database(self.acting, table), table)
        column = "" if rights.may_read(table, "*") else self.find_column(table)
        if not column and rights.may_read(table) and self.statement.locks_rows():
            return AccessError(refuse_write(self.acting, table, "lock rows of"), table)
        if rights.may_read(table, "*"):
            return AccessError(refuse_by_database(self.acting, table), table)
        return AccessError(refuse_read(self.acting, table, column), table, column)

    def put_structure(self) -> AccessError:
        target = self.statement.target
        return AccessError(refuse_structure(self.acting, self.statement.action, target), about=("object", target))

    def put_other(self, primary: str) -> AccessError:
        if self.statement.action.partition(" ")[0] in _STRUCTURAL:
            return self.put_structure()
        if primary == f'permission denied to set role "{self.acting.role}"':
            return AccessError(refuse_role(self.acting), about=("role", self.acting.role))
        match = _DENIED_TO.match(primary)
        what = match["what"] if match else f"do this ({primary})"
        return AccessError(refuse_connection(self.acting, what), about=name_denied(primary))

    # --- What is known without asking the server ---------------------------------------------------------------------
    def find_table(self, bare: str) -> str:
        """Give a table with its schema; as the server names it, where neither statement, contract nor model does."""
        if mention := self.statement.find(bare):
            return f"{mention.schema}.{bare}"
        known = [*self.acting.rights.columns, *list_tables()]
        return next((name for name in known if self.split(name)[1] == bare), bare)

    def split(self, name: str) -> tuple[str, str]:
        return split_name(name, self.statement.schemas)

    def find_column(self, table: str) -> str:
        """Give the first column that the statement reads and no contract shares, as SQLite would; empty where its text
        does not tell."""
        shared = self.acting.rights.columns.get(table, frozenset())
        named = self.statement.iter_columns(table, _list_columns(table))
        return next((column for column in named if column not in shared), "")


def _list_columns(table: str) -> list[str]:
    models = apps.get_models(include_auto_created=True) if apps.models_ready else []
    found = next((model for model in models if model._meta.db_table == table and not model._meta.proxy), None)
    return [str(field.column) for field in found._meta.local_concrete_fields] if found else []
