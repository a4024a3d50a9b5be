"""Finds what an ownership map says that can't be: without Django's apps and without a server, so that it costs nothing.

What takes the installed models to know is said by the system checks (`freehold/checks/contract_names.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial

from freehold.errors import OwnershipError
from freehold.ownership.contract_sides import list_sides
from freehold.ownership.elsewhere import iter_elsewhere_problems
from freehold.ownership.key_actions import iter_action_problems
from freehold.ownership.limits import iter_limit_problems
from freehold.ownership.map import Contract, Group, Ownership, Schema, Service
from freehold.ownership.move_validation import iter_move_problems, iter_move_shape_problems
from freehold.ownership.proofs import iter_proof_problems
from freehold.ownership.sentences import explain, iter_tuple_problems, label, repeat, unknown
from freehold.ownership.spelling import (
    describe_column_fault,
    describe_name_fault,
    describe_role_fault,
    describe_schema_fault,
    describe_signature_fault,
)
from freehold.ownership.withholding import gives_back, iter_withheld_problems

_DJANGO_TABLES = ("contenttypes", "auth")  # a permission points at a content type, and one handler writes both


def validate(ownership: Ownership) -> None:
    """Do nothing where the map holds together.

    Raises:
        OwnershipError: it does not; the message names each entry that is wrong and what to do about it.
    """
    if problems := list_problems(ownership):
        raise OwnershipError("the ownership map is wrong: " + "; ".join(problems))


def list_problems(ownership: Ownership) -> list[str]:
    """Give one sentence for each thing that is wrong, in the order of the map; empty where all is well.

    Where an entry has the wrong shape (a text for a tuple), nothing else is looked at.
    """
    return list(_iter_shape_problems(ownership)) or [
        *_iter_name_problems(ownership),
        *_iter_duplicate_problems(ownership),
        *(problem for schema in ownership.schemas for problem in _iter_schema_problems(schema, ownership)),
        *(problem for service in ownership.services for problem in _iter_service_problems(service, ownership)),
        *(problem for contract in ownership.contracts for problem in _iter_contract_problems(contract, ownership)),
        *(problem for group in ownership.groups for problem in _iter_group_problems(group, ownership)),
        *_iter_placement_problems(ownership),
        *_iter_commands_problems(ownership),
        *iter_proof_problems(ownership),
        *iter_elsewhere_problems(ownership),
        *iter_move_problems(ownership),
    ]


# --- Shapes ------------------------------------------------------------------------------------------------------
def _iter_shape_problems(ownership: Ownership) -> Iterator[str]:
    """Say where a text stands for a tuple: `apps=("items")` lacks its comma."""
    if not ownership.schemas:
        yield "it names no schema: add one, e.g. Schema('app', service='api', apps=('items',))"
    for schema in ownership.schemas:
        words = {name: getattr(schema, name) for name in ("apps", "places", "withheld", "lets_run")}
        yield from iter_tuple_problems(label(schema), **words)
    for service in ownership.services:
        fields = {name: getattr(service, name) for name in ("writes", "reads", "search_path", "namespaces", "modules")}
        yield from iter_tuple_problems(label(service), **fields)
    for contract in ownership.contracts:
        columns = {f"{word}[{table!r}]": columns for word, table, columns in contract.iter_tables()}
        yield from iter_tuple_problems(
            label(contract), call=contract.call, use=contract.use, on_delete=contract.on_delete, **columns
        )
    yield from iter_tuple_problems("Ownership", rights=ownership.rights)
    for group in ownership.groups:
        yield from iter_tuple_problems(label(group), schemas=group.schemas, actions=group.actions)
    yield from iter_move_shape_problems(ownership)


# --- Names -------------------------------------------------------------------------------------------------------
def _iter_name_problems(ownership: Ownership) -> Iterator[str]:
    """Say which names PostgreSQL would cut, fold or refuse."""
    for schema in ownership.schemas:
        yield from explain(label(schema), "name", [schema.name], describe_schema_fault)
        yield from explain(label(schema), "owner", [schema.owner], describe_role_fault)
        yield from explain(label(schema), "login", filter(None, [schema.login]), describe_role_fault)
        yield from explain(label(schema), "app", [*schema.apps, *schema.places], describe_name_fault)
        yield from explain(label(schema), "lets_run", schema.lets_run, describe_signature_fault)
    for service in ownership.services:
        yield from explain(label(service), "name", [service.name], describe_name_fault)
        yield from explain(label(service), "login", [service.login], describe_role_fault)
        if service.name == "all":
            yield "Service 'all': SERVICE=all means every service in one process: choose another name"
    yield from explain("Ownership", "migrator", [ownership.migrator], describe_role_fault)
    yield from explain("Ownership", "commands", filter(None, [ownership.commands]), describe_name_fault)
    yield from explain("Ownership", "combined", filter(None, [ownership.combined]), describe_role_fault)
    yield from explain("Ownership", "mover", [ownership.mover], describe_role_fault)
    yield from explain("Ownership", "extensions", filter(None, [ownership.extensions]), describe_schema_fault)
    yield from explain("Ownership", "prefix", filter(None, [ownership.prefix]), describe_role_fault)
    for contract in ownership.contracts:
        for _, table, columns in contract.iter_tables():
            yield from explain(label(contract), "table", [table], partial(_describe_table_fault, contract.schema))
            yield from explain(label(contract), "column", columns, describe_column_fault)
        yield from explain(label(contract), "call", contract.call, describe_signature_fault)
        yield from explain(label(contract), "use", contract.use, describe_column_fault)
    for group in ownership.groups:
        if not isinstance(group.name, str) or not group.name.strip():
            yield f"{label(group)}: name {group.name!r} is empty"
        yield from explain(label(group), "action", group.actions, describe_name_fault)


def _describe_table_fault(schema: str, name: object) -> str | None:
    if isinstance(name, str) and re.fullmatch(rf"{re.escape(schema)}\..+", name):
        return f"names its schema again: write {name.removeprefix(schema + '.')!r}"
    return describe_column_fault(name)


# --- Duplicates --------------------------------------------------------------------------------------------------
def _iter_duplicate_problems(ownership: Ownership) -> Iterator[str]:
    """Say what is named twice, and which roles mean two things. A service may be called like a schema."""
    yield from repeat("Schema", [schema.name for schema in ownership.schemas])
    yield from repeat("Service", [service.name for service in ownership.services])
    yield from repeat("Group", [group.name for group in ownership.groups])
    pairs = Counter((contract.schema, contract.consumer) for contract in ownership.contracts)
    for (schema, consumer), count in pairs.items():
        if count > 1:
            yield f"Contract {schema!r} for {consumer!r} stands there {count} times: put what it lists into one"
    yield from _iter_role_clashes(ownership)
    yield from _iter_app_clashes(ownership)


def _iter_role_clashes(ownership: Ownership) -> Iterator[str]:
    """Say which roles would have two meanings. Only the migrator may own a schema as well."""
    used: dict[str, str] = {}
    roles = [(schema.owner, f"owner of {label(schema)}") for schema in ownership.schemas]
    roles += [(service.login, f"login of {label(service)}") for service in ownership.services]
    if ownership.migrator not in {schema.owner for schema in ownership.schemas}:
        roles.append((ownership.migrator, "the migrator"))
    if ownership.combined:
        roles.append((ownership.combined, "the combined login"))
    if ownership.list_moving_owners():
        roles.append((ownership.mover, "the role that moves tables"))
    roles += [(schema.login, f"login of {label(schema)}") for schema in ownership.schemas if schema.login]
    for role, meaning in roles:
        if role in used:
            yield f"role {role!r} is {used[role]} and {meaning}: give each a role of its own"
        used.setdefault(role, meaning)


def _iter_app_clashes(ownership: Ownership) -> Iterator[str]:
    used: dict[str, Schema] = {}
    for schema in ownership.schemas:
        for app in (*schema.apps, *schema.places):
            if app in used and used[app] is schema:
                yield f"{label(schema)}: the app {app!r} stands there twice: keep one"
            elif app in used:
                yield f"{label(schema)}: the app {app!r} lies in {label(used[app])} already: remove it from one"
            used.setdefault(app, schema)


# --- Entries -----------------------------------------------------------------------------------------------------
def _iter_schema_problems(schema: Schema, ownership: Ownership) -> Iterator[str]:
    """Say what is wrong with a schema's owning service and with an external one that has places."""
    yield from iter_withheld_problems(label(schema), schema)
    if schema.external and schema.places:
        yield (
            f"{label(schema)}: it is external and has places, which Django would make tables in: drop external=True, "
            f"or the places; apps whose models are all unmanaged may stand in apps"
        )
    if schema.login and not schema.external:
        yield f"{label(schema)}: it names a login and is not external, so that nobody needs one: drop login"
    if schema.service is None:
        return
    service = ownership.find_service(schema.service)
    if service is None:
        known = ", ".join(each.name for each in ownership.services) or "none"
        yield f"{label(schema)}: there is no Service {schema.service!r}: name one of {known}"
    elif schema.name not in service.writes:
        yield f"{label(schema)}: its {label(service)} does not write it: add {schema.name!r} to that service's writes"


def _iter_service_problems(service: Service, ownership: Ownership) -> Iterator[str]:
    """Say which schemas a service names that do not exist, or names twice."""
    for word, names in (("writes", service.writes), ("reads", service.reads)):
        yield from unknown(label(service), word, names, ownership)
    # `public` exists in every database, whether the map gives it an owner or not.
    path = [name for name in service.search_path if name not in ("public", ownership.extensions)]
    yield from unknown(label(service), "search_path", path, ownership)
    for name, count in Counter([*service.writes, *service.reads]).items():
        if count > 1:
            yield f"{label(service)}: schema {name!r} stands {count} times in writes and reads: keep one"
    yield from iter_limit_problems(service)


def _iter_contract_problems(contract: Contract, ownership: Ownership) -> Iterator[str]:
    """Say what is wrong with a contract's two sides, or that it lists nothing."""
    yield from unknown(label(contract), "schema", [contract.schema], ownership)
    provider = ownership.find_schema(contract.schema)
    schema = ownership.find_schema(contract.consumer)
    if not list_sides(ownership, contract):
        known = ", ".join([*(each.name for each in ownership.services), *ownership.schema_names])
        yield f"{label(contract)}: the consumer is neither a service nor a schema: use one of {known}"
    own = {"schema": contract.schema, "service": provider.service if provider else None}
    is_own = any(own[side.kind] == contract.consumer for side in list_sides(ownership, contract))
    if is_own and not gives_back(contract, ownership):
        yield f"{label(contract)}: provider and consumer are the same, which needs no contract: remove it"
    if contract.is_empty:
        yield f"{label(contract)}: it lists nothing: fill read, reference, call or use, or remove it"
    yield from iter_action_problems(label(contract), contract)
    for word, table, columns in contract.iter_tables():
        if not columns:
            yield f"{label(contract)}: {word} of {table!r} lists no column: name them, or remove the table"
    if schema is None and contract.reference and list_sides(ownership, contract):
        yield f"{label(contract)}: a service makes no tables, so it can't reference: let the schema's owner do it"


def _iter_group_problems(group: Group, ownership: Ownership) -> Iterator[str]:
    yield from unknown(label(group), "schemas", group.schemas, ownership)
    if not group.schemas:
        yield f"{label(group)}: it names no schema: name one, or remove the group"
    if not group.actions:
        yield f"{label(group)}: it names no action: name some of add, change, delete, view"


def _iter_placement_problems(ownership: Ownership) -> Iterator[str]:
    """Say that Django's permissions and content types lie apart."""
    found = {app: schema for app in _DJANGO_TABLES if (schema := ownership.find_schema_of_app(app))}
    if len({schema.name for schema in found.values()}) > 1:
        where = " and ".join(f"{app!r} in {label(schema)}" for app, schema in found.items())
        yield f"{where}: one handler fills both, as one owner: place them in the same schema"


def _iter_commands_problems(ownership: Ownership) -> Iterator[str]:
    """Say what is wrong with the service that commands act as, and what is asked of roles where there are none."""
    if ownership.services and ownership.commands:
        known = ", ".join(each.name for each in ownership.services)
        if ownership.find_service(ownership.commands) is None:
            yield f"Ownership: commands names no Service {ownership.commands!r}: name one of {known}"
        elif not ownership.combined:
            yield (
                "Ownership: commands says whom a process of every service acts as, and there is no login for one: name "
                "it in combined, or drop commands"
            )
    if not ownership.services:
        for word in ("contracts", "moves", "combined", "commands", "rights", "extensions"):
            if getattr(ownership, word):
                yield (
                    f"Ownership: it has {word} and no services, without which it is for placement alone: add a "
                    f"Service, or drop {word}"
                )
