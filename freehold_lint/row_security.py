"""L010 to L020: row-level security. The texts looked at are PostgreSQL's own, as pg_get_expr writes an expression."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from freehold.ownership import Ownership
from freehold_lint.judges import CatalogueRule, Judge, Row, tell_those

_COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_BACK_OFFICE = "back_office"  # the declaration's own word for a service that sees every row
_SELECT = re.compile(r"\(\s*SELECT\b")
_FROM = re.compile(r"\bFROM\b")
_TRUE = re.compile(r"\btrue OR\b|\bOR true\b")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
# A call without a column in it gives the same for each row: current_setting('…'), auth.uid(), now(), CURRENT_USER.
_ROW_CALL = re.compile(r"\b(?:current_setting\(|[\w.\"]+\(\))|\b(?:CURRENT_USER|SESSION_USER|CURRENT_TIMESTAMP)\b")
_IDENTITY = re.compile(r"\b(?:CURRENT_USER|SESSION_USER|current_user|session_user|CURRENT_ROLE)\b")
_STRICT_SETTING = re.compile(r"\bcurrent_setting\('(?:[^']|'')*'::text\)")
_COMPARED = re.compile(r"((?:\w+\.)?(?:\w+|\"[^\"]+\"))\)?(?:::[\w ]+)? (?:=|IN|= ANY) \(+(?:ARRAY\()?\s*SELECT\b")


@dataclass(frozen=True)
class _Found:
    """A policy as the catalogue has it. `columns` are what it looks at: of its own table?, schema, table, column, does
    an index begin with it?"""

    schema: str
    table: str
    owner: str
    name: str
    command: str
    roles: tuple[str, ...]
    permissive: bool
    using: str
    check: str
    columns: tuple[tuple[bool, str, str, str, bool], ...]
    volatile: tuple[str, ...]

    @property
    def label(self) -> str:
        """The policy as people name it: `app.items (own_rows)`."""
        return f"{self.schema}.{self.table} ({self.name})"

    @property
    def text(self) -> str:
        """Both of its expressions."""
        return f"{self.using} {self.check}"

    @property
    def others(self) -> tuple[str, ...]:
        """Its roles but the table's owner."""
        return tuple(role for role in self.roles if role != self.owner)

    @property
    def commands(self) -> tuple[str, ...]:
        """What it is for: ALL is each command."""
        return _COMMANDS if self.command == "ALL" else (self.command,)


def read_policies(rows: Iterable[Row]) -> list[tuple[_Found]]:
    """Give the rows of sql/policies.sql as rows of one value, read once for all rules."""
    return [(_make_policy(row),) for row in rows]


def _make_policy(row: Row) -> _Found:
    schema, table, owner, name, command, roles, permissive, using, check, columns, volatile = row
    return _Found(
        *(schema, table, owner, name, command),
        tuple(roles),
        *(permissive, using, check),
        tuple((own, there, target, column, indexed) for own, there, target, column, indexed in json.loads(columns)),
        tuple(volatile),
    )


def _tell_policies(find: Callable[[_Found], Iterable[str] | bool], message: str, hint: str) -> Judge:
    """Give a judge of single policies. `{found}` in the message is what `find` gives, joined by commas."""

    def judge(rows: Iterable[Row], ownership: Ownership) -> Iterator[tuple[str, str, str]]:
        for (policy,) in rows:
            if found := find(policy):
                words = {"found": "" if found is True else ", ".join(found), **vars(policy)}
                yield policy.label, message.format(**words), hint.format(**words)

    return judge


# --- What a text says ---------------------------------------------------------------------------------------
@lru_cache(maxsize=1024)  # tables have the same few
def _remove_subselects(text: str) -> str:
    """Take out what runs once a statement: `( SELECT …)` that reads no table. What reads one stays, less such in it."""
    position = 0
    while match := _SELECT.search(text, position):
        end = _find_end(text, match.start())
        inside = _remove_subselects(text[match.start() + 1 : end - 1])
        kept = "" if not _FROM.search(_LITERAL.sub("", inside)) else f"[{inside}]"
        text = text[: match.start()] + kept + text[end:]
        position = match.start() + len(kept)
    return text


def _find_end(text: str, start: int) -> int:
    """Give the place behind the bracket that closes the one at `start`; brackets within literals do not count."""
    depth = 0
    for place, letter in enumerate(_LITERAL.sub(lambda found: "_" * len(found[0]), text)[start:], start):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place + 1
    return len(text)


def _is_true(expression: str) -> bool:
    return expression == "true" or bool(_TRUE.search(_LITERAL.sub("", expression)))


def _lets_write_anything(policy: _Found) -> Iterable[str]:
    """Give whom the policy lets write any row. The owner's own and the back office's are meant to."""
    if not policy.permissive or policy.name == _BACK_OFFICE or policy.command == "SELECT":
        return ()
    checked = policy.check or policy.using
    wrong = _is_true(checked if policy.command == "INSERT" else policy.using) or _is_true(checked)
    return policy.others if wrong else ()


def _list_row_calls(policy: _Found) -> list[str]:
    """Give the calls that run for each row and give the same for each."""
    text = (
        _remove_subselects(_LITERAL.sub("''", policy.using))
        + " "
        + _remove_subselects(_LITERAL.sub("''", policy.check))
    )
    return sorted({each.removesuffix("(") for each in _ROW_CALL.findall(text)})


def _list_unindexed(policy: _Found) -> list[str]:
    """Give the columns that are compared with what a sub-select finds, and that no index begins with."""
    names = set(_COMPARED.findall(policy.text))
    return sorted(
        {
            f"{schema}.{table} ({column})"
            for own, schema, table, column, is_indexed in policy.columns
            if not is_indexed and _is_compared(own, column, names)
        }
    )


def _is_compared(own: bool, column: str, names: set[str]) -> bool:
    """Tell whether the column is among the names: its own table's stand alone, or behind a name where there are two."""
    bare = {name.strip('"') for name in names if "." not in name}
    behind = {name.rpartition(".")[2].strip('"') for name in names if "." in name}
    return column in behind or (own and column in bare)


# --- Several policies together ------------------------------------------------------------------------------
def _judge_multiple(rows: Iterable[Row], ownership: Ownership) -> Iterator[tuple[str, str, str]]:
    together: dict[tuple[str, str], dict[str, list[str]]] = {}
    policies = [policy for (policy,) in rows if policy.permissive]
    for policy in policies:
        for role in policy.others:
            for command in policy.commands:
                commands = together.setdefault((f"{policy.schema}.{policy.table}", role), {})
                commands.setdefault(command, []).append(policy.name)
    for (table, role), commands in together.items():
        double = {command: names for command, names in commands.items() if len(names) > 1}
        if double:
            names = ", ".join(sorted({name for each in double.values() for name in each}))
            yield f"{table} ({role})", _describe_multiple(double, names), "Make one policy of them, joined by OR."


def _describe_multiple(double: dict[str, list[str]], names: str) -> str:
    return f"for {', '.join(double)} the policies {names} all hold, and each row is looked at by each."


POLICIES: tuple[CatalogueRule, ...] = (
    CatalogueRule(
        "L010",
        "A table has policies and no row-level security",
        "row_security",
        tell_those(
            lambda row: bool(row[3] and not row[1]),
            "the table has {3} policies, and row-level security is off: none of them holds.",
            "ALTER TABLE {5} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY.",
        ),
    ),
    CatalogueRule(
        "L011",
        "Row-level security is on and no policy lets anyone in",
        "row_security",
        tell_those(
            lambda row: bool(row[1] and not row[4]),
            "row-level security is on, and no permissive policy is there: nobody sees a row.",
            "Declare a policy beside the model, or switch row-level security off.",
        ),
    ),
    CatalogueRule(
        "L012",
        "Row-level security is not forced",
        "row_security",
        tell_those(
            lambda row: bool(row[1] and not row[2]),
            "row-level security does not hold for the table's owner.",
            "ALTER TABLE {5} FORCE ROW LEVEL SECURITY.",
        ),
    ),
    CatalogueRule(
        "L013",
        "A policy is for everyone",
        "policies",
        _tell_policies(
            lambda policy: "PUBLIC" in policy.roles,
            "the policy is TO PUBLIC: it holds for every role that ever gets a grant.",
            "Name the service's role.",
        ),
    ),
    CatalogueRule(
        "L014",
        "A policy lets a service write any row",
        "policies",
        _tell_policies(
            _lets_write_anything,
            "for {command} the policy holds for every row, so that {found} may write any.",
            f"Say which rows are whose; where a service is meant to write all, call the policy {_BACK_OFFICE}.",
        ),
    ),
    CatalogueRule(
        "L015",
        "Several permissive policies hold for one role and command",
        "policies",
        _judge_multiple,
        "warning",
    ),
    CatalogueRule(
        "L016",
        "A policy asks again for each row",
        "policies",
        _tell_policies(
            _list_row_calls,
            "{found} is called for each row and gives the same each time.",
            "Put it into a sub-select, which runs once: (SELECT …).",
        ),
        "warning",
    ),
    CatalogueRule(
        "L017",
        "A policy compares a column that has no index",
        "policies",
        _tell_policies(
            _list_unindexed,
            "no index begins with {found}, which the policy looks rows up by.",
            "Add an index to the model.",
        ),
        "warning",
    ),
    CatalogueRule(
        "L018",
        "A policy goes by the login",
        "policies",
        _tell_policies(
            lambda policy: bool(_IDENTITY.search(_LITERAL.sub("", policy.text))),
            "the policy compares with the database's user, which is the same for everyone a service acts for.",
            "Compare with (SELECT nullif(current_setting('freehold.user_id', true), '')::uuid).",
        ),
    ),
    CatalogueRule(
        "L019",
        "A policy fails where a setting is not set",
        "policies",
        _tell_policies(
            lambda policy: bool(_STRICT_SETTING.search(policy.text)),
            "current_setting without its second argument is an error where nothing was set.",
            "Write current_setting('…', true): nobody is then NULL, and no row is seen.",
        ),
    ),
    CatalogueRule(
        "L020",
        "A policy calls a volatile function",
        "policies",
        _tell_policies(
            lambda policy: policy.volatile,
            "{found} is VOLATILE: it runs for each row and may say something else each time.",
            "Declare the function STABLE, if it only reads.",
        ),
    ),
)
