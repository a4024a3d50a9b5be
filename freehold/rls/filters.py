"""Holds rows back on SQLite, by the policies of the service that acts."""

from __future__ import annotations

from functools import cache
from typing import NoReturn

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.utils import ProgrammingError

from freehold.acting import get_acting
from freehold.backends.rowrules import SQL, HeldRows, set_rules
from freehold.errors import PolicyError
from freehold.rls.policy import Condition, Policy, iter_protected
from freehold.rls.policy_sql import FALSE, TRUE, compile_condition, join_conditions

_CONSTANTS = {TRUE: "1", FALSE: "0"}


class RowRefusedError(PolicyError, ProgrammingError):
    """A row lies outside a service's policies. A ProgrammingError too: PostgreSQL's refusal is one."""

    def __init__(self, service: str, table: str, command: str, policies: tuple[str, ...]) -> None:
        self.service, self.table, self.command, self.policies = service, table, command, policies
        names = ", ".join(repr(name) for name in policies)
        if policies:
            text = f"may not {command} this row of {table}: it lies outside the policies {names}"
        else:
            text = f"may not {command} rows of {table}: no policy of the model lets it"
        super().__init__(f"service {service!r} {text}; see docs/policies.md")


def install() -> None:
    """Let the SQLite backend ask here."""
    set_rules(_RowFilters())


class _RowFilters:
    """The rules of the installed models. With nobody acting there are none: that is an owner's work."""

    def find(self, connection: BaseDatabaseWrapper, table: str, command: str) -> HeldRows | None:
        """Give the conditions, or None where whoever acts may do it with every row."""
        acting = get_acting()
        if acting is None or not acting.service or not apps.models_ready:  # without a name it has no rights at all
            return None
        found = find_applicable(table, acting.service, command)
        if found is None:
            return None
        return _make_held(connection, *found, seen=list_applicable(table, acting.service, "select"), command=command)

    def refuse(self, table: str, command: str) -> NoReturn:
        """Raise the error for whoever acts.

        Raises:
            RowRefusedError: always.
        """
        acting = get_acting()
        service = acting.service if acting else ""
        policies = list_applicable(table, service, command)
        raise RowRefusedError(service, table, command, tuple(policy.name for policy in policies))


@cache
def get_protected() -> dict[str, tuple[type[Model], tuple[Policy, ...]]]:
    return {model._meta.db_table: (model, policies) for model, policies in iter_protected()}


@cache
def list_applicable(table: str, service: str, command: str) -> list[Policy]:
    """Give the service's policies for a command on a protected table."""
    policies = get_protected()[table][1]
    return [each for each in policies if each.service == service and each.covers(command)]


def sees_every_row(table: str, service: str) -> bool:
    """Tell whether no policy hides rows of the table from the service."""
    return table not in get_protected() or any(each.everything for each in list_applicable(table, service, "select"))


@cache
def find_applicable(table: str, service: str, command: str) -> tuple[type[Model], list[Policy]] | None:
    """Give the table's model and the policies that hold rows back; None where nothing does."""
    if table not in get_protected():
        return None
    found = list_applicable(table, service, command)
    seen = list_applicable(table, service, "select")
    is_free = all(any(each.everything for each in policies) for policies in (found, seen))
    return None if is_free else (get_protected()[table][0], found)


def _make_held(
    connection: BaseDatabaseWrapper, model: type[Model], found: list[Policy], *, seen: list[Policy], command: str
) -> HeldRows:
    read = _write_any(connection, model, seen, [policy.get_old() for policy in seen])
    if command == "select":
        return HeldRows(seen=read)
    new = _write_any(connection, model, found, [policy.get_new() for policy in found])
    if command == "insert":
        return HeldRows(seen=read, new=new)
    old = _write_any(connection, model, found, [policy.get_old() for policy in found])
    return HeldRows(seen=read, old=old, new=new if command == "update" else None)


def _write_any(
    connection: BaseDatabaseWrapper, model: type[Model], policies: list[Policy], conditions: list[Condition | None]
) -> SQL | None:
    """Give what holds where any of the conditions does: nothing for none of them, None for everything."""
    if any(policy.everything for policy in policies):
        return None
    given = [each for each in conditions if each is not None]
    if not given:
        return _CONSTANTS[FALSE], ()
    text, params = compile_condition(model, join_conditions(given), connection)
    return (_CONSTANTS.get(text, text), params) if text != TRUE else None
