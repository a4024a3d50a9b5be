"""E030 to E033 and W030: row-level policies that say nothing, too much, or what nobody can hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.db.models import F, Model, OuterRef, Q

from freehold.checks.subjects import AppConfigs, check_of_owners, iter_models, split_table
from freehold.errors import PolicyError
from freehold.ownership import Ownership
from freehold.ownership.moves import iter_users, list_views
from freehold.ownership.spelling import describe_name_fault
from freehold.protected import find_declared
from freehold.rls.calls import STAND_INS, Called, OneOf
from freehold.rls.expressions import CurrentId
from freehold.rls.policy import COMMANDS, OWNER, Policy, find_policies
from freehold.rls.policy_sql import TRUE, write_policy
from freehold.rls.relations import Has, Within

_Column = tuple[type[Model], str]  # a model and the name of one of its fields
_SHAPES = "See docs/policies.md: a condition is a Q() of the model's own fields, or one of the expressions there."


@check_of_owners
def _check_policies(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E030 to E033 and W030: each policy by itself, and the names of a model's together."""
    for model in iter_models(app_configs):
        if find_declared(model) is not None:
            yield from _iter_name_faults(model)
            yield from _iter_faults(model, ownership)


def _iter_faults(model: type[Model], ownership: Ownership) -> Iterator[CheckMessage]:
    """Yield what is wrong with each policy: whom it is for, then what it says, then what it costs."""
    for policy in find_policies(model) or ():
        yield from _iter_service_faults(model, policy, ownership)
        faults = list(_iter_shape_faults(policy)) or list(_iter_texts(model, policy, ownership))
        yield from (_error(model, policy, f"{fault}.", _SHAPES, "freehold.E032") for fault in faults)
        if not faults:
            yield from _iter_open_faults(model, policy, ownership)
            yield from _iter_slow(model, policy)


def _error(model: type[Model], policy: Policy, what: str, hint: str, check_id: str) -> CheckMessage:
    text = f"The policy {policy.name!r} of {model._meta.db_table!r} {what}"
    return checks.Error(text, hint=hint, obj=model, id=check_id)


# --- E030: whom a policy is for ------------------------------------------------------------------------------------
def _iter_service_faults(model: type[Model], policy: Policy, ownership: Ownership) -> Iterator[CheckMessage]:
    """Yield E030 where the service is unknown, or may not do it whatever the policy says."""
    service = ownership.find_service(policy.service)
    schema, _ = split_table(model, ownership)
    if service is None:
        known = ", ".join(each.name for each in ownership.services)
        what = f"is for the service {policy.service!r}, which the ownership map does not know."
        yield _error(model, policy, what, f"Name one of: {known}; or add the service to the map.", "freehold.E030")
        return
    reads = schema in service.reads or is_read_by_contract(model, policy.service, ownership)
    is_old = service.login in _list_old_users(model, ownership)
    if schema in service.writes or is_old or (reads and policy.command == "select"):
        return
    what = f"lets the service {policy.service!r} {_describe_command(policy)}, which has no right to it in {schema!r}."
    hint = (
        f"Add {schema!r} to what the service writes or reads in the ownership map, make the policy one for select, or "
        f"remove it."
    )
    yield _error(model, policy, what, hint, "freehold.E030")


def _list_old_users(model: type[Model], ownership: Ownership) -> set[str]:
    """Give the logins of services that use the model's table under its old name, while the view is there."""
    moves = [move for move in list_views(ownership) if move.new == model._meta.db_table]
    return {login for move in moves for login, _ in iter_users(ownership, move)}


def is_read_by_contract(model: type[Model], service: str, ownership: Ownership) -> bool:
    """Tell whether a contract lets the service read columns of the model's table."""
    schema, table = split_table(model, ownership)
    return any((each.schema, each.consumer) == (schema, service) and table in each.read for each in ownership.contracts)


def _describe_command(policy: Policy) -> str:
    return "select, insert, update and delete" if policy.command == "all" else policy.command


# --- E031: names -----------------------------------------------------------------------------------------------------
def _iter_name_faults(model: type[Model]) -> Iterator[CheckMessage]:
    """Yield E031 for a name that stands twice, is the owner's, or is none; and for what is no policy at all."""
    declared = list(find_declared(model))
    counts = Counter(each.name for each in declared if isinstance(each, Policy))
    for each in declared:
        if not isinstance(each, Policy):
            text = f"policies of {model._meta.label} holds {each!r}, which is no freehold.rls.Policy."
            yield checks.Error(text, hint="Write Policy(…).", obj=model, id="freehold.E031")
    for name, count in counts.items():
        fault = describe_name_fault(name)
        if fault is None and name == OWNER:
            fault = "is the one that the table's owner has by itself: choose another name"
        if fault is None and count > 1:
            fault = f"stands {count} times: one table has it once"
        if fault:
            text = f"The policy name {name!r} of {model._meta.db_table!r} {fault}."
            yield checks.Error(text, hint="Give each policy a name of its own.", obj=model, id="freehold.E031")


# --- E032: what can't be written -----------------------------------------------------------------------------------
def _iter_shape_faults(policy: Policy) -> Iterator[str]:
    """Yield what does not go together in a policy."""
    if policy.command not in COMMANDS:
        yield f"has the command {policy.command!r}, which is none of {', '.join(COMMANDS)}"
    if policy.everything and (policy.using is not None or policy.check is not None):
        yield "says everything=True beside a condition"
    if policy.command == "insert" and policy.using is not None:
        yield "says using=, but before an insert there is no row: say check="
    if policy.command in ("select", "delete") and policy.check is not None:
        yield f"says check=, but a {policy.command} makes no row: say using="
    yield from (
        f"asks {each.signature}, and nothing stands in for it on SQLite: decorate what does with stands_in_for"
        for each in _iter_expressions(policy)
        if isinstance(each, Called) and each.signature not in STAND_INS
    )


def _iter_texts(model: type[Model], policy: Policy, ownership: Ownership) -> Iterator[str]:
    """Yield why the policy can't be written as SQL."""
    try:
        write_policy(model, policy, ownership)
    except PolicyError as fault:
        yield f"can't be written as SQL: {str(fault).partition(': ')[2] or fault}"


# --- E033: always true ---------------------------------------------------------------------------------------------
def _iter_open_faults(model: type[Model], policy: Policy, ownership: Ownership) -> Iterator[CheckMessage]:
    """Yield E033 where a condition lets every row be written, or be seen to be written, and does not say so."""
    if policy.everything or TRUE not in write_policy(model, policy, ownership) or policy.command == "select":
        return
    what = f"lets the service {policy.service!r} {_describe_command(policy)} every row, and does not say so."
    yield _error(model, policy, what, "Correct the condition, or write everything=True in its place.", "freehold.E033")


# --- W030: columns without an index --------------------------------------------------------------------------------
def _iter_slow(model: type[Model], policy: Policy) -> Iterator[CheckMessage]:
    """Yield W030 for each column that is compared with who asks, and that no index begins with."""
    for place, name in (each for found in (policy.using, policy.check) for each in _iter_compared(model, found)):
        if not _is_indexed(place, name):
            column, table = place._meta.get_field(name).name, place._meta.db_table
            bare = table.rpartition(".")[2]
            yield checks.Warning(
                f"The policy {policy.name!r} of {model._meta.db_table!r} looks for {table} by {column}, which no index "
                f"begins with: each statement reads the whole table.",
                hint=f'Add Index(fields=["{column}"], name="{bare}_{column}_idx") to Meta.indexes of '
                f"{place._meta.label}.",
                obj=model,
                id="freehold.W030",
            )


def _iter_compared(model: type[Model], condition: Any) -> Iterator[_Column]:
    """Yield each column that is compared with who asks, with what a function gives, or with a row outside."""
    if isinstance(condition, Q):
        for child in condition.children:
            yield from _iter_compared(model, child)
    elif isinstance(condition, tuple):
        name, value = condition
        if isinstance(value, CurrentId | OuterRef) and name != "pk":
            yield model, name.partition("__")[0]
    elif isinstance(condition, OneOf | Within):
        yield model, condition.name
    if isinstance(condition, Within):
        yield from _iter_compared(model._meta.get_field(condition.name).remote_field.model, condition.condition)  # type: ignore[union-attr]
    elif isinstance(condition, Has):
        yield from _iter_compared(condition.get_model(model), condition.get_condition(model))


def _is_indexed(model: type[Model], name: str) -> bool:
    """Tell whether an index of the model begins with the field. One with a condition, or of expressions, does not
    count."""
    field = model._meta.get_field(name) if name != "pk" else model._meta.pk
    if field.primary_key or field.unique or getattr(field, "db_index", False):  # type: ignore[union-attr]
        return True
    return any(first == field.name for first in _iter_first_fields(model))


def _iter_first_fields(model: type[Model]) -> Iterator[str]:
    """Yield the field that each index, each unique constraint and a primary key of several columns begin with."""
    if len(keys := model._meta.pk_fields) > 1:
        yield keys[0].name
    for each in (*model._meta.indexes, *model._meta.constraints):
        fields: Iterable[str] = getattr(each, "fields", ())
        if fields and getattr(each, "condition", None) is None:
            yield next(iter(fields)).removeprefix("-")
    yield from (fields[0] for fields in model._meta.unique_together)


def _iter_expressions(policy: Policy) -> Iterator[Any]:
    """Yield every expression of a policy, those inside of others too."""
    queue: list[Any] = [policy.using, policy.check]
    while queue:
        found = queue.pop()
        if isinstance(found, Q):
            queue.extend(found.children)
        elif isinstance(found, tuple):
            queue.append(found[1])
        elif found is not None and not isinstance(found, F):
            yield found
            queue.append(getattr(found, "condition", None))
