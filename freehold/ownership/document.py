"""The map as a JSON document, for programs in other languages. docs/ownership.md describes its shape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.apps import apps

from freehold.ownership.contract_sides import ContractSide, list_sides
from freehold.ownership.limits import get_connections, list_times
from freehold.ownership.login_compilation import iter_memberships
from freehold.ownership.map import Ownership, Schema, Service, list_role_names

VERSION = 1  # raised when a key changes its meaning or goes; new keys may come at any time
_SCHEMA = ("name", "owner", "service", "external", "login", "comment", "lets_run")
_SERVICE = ("name", "login", "writes", "reads", "search_path", "comment")
_MOVE = ("old", "new", "until", "services", "comment")
_WITHHELD = ("name", "columns", "verbs")
_PROOF = ("user", "tenant", "seal", "delegate")
_RIGHT = ("privilege", "on", "to", "comment")
_GROUP = ("name", "schemas", "actions")

_Document = dict[str, Any]


def build_document(ownership: Ownership) -> _Document:
    """Give the whole map. Lists are in the order of the map, and every key is always there."""
    commands = ownership.find_commands_service()
    return {
        "version": VERSION,
        "migrator": ownership.migrator,
        "combined": ownership.combined,
        "commands": commands.name if ownership.combined and commands else "",
        "prefix": ownership.prefix,
        "schemas": [_build_schema(schema) for schema in ownership.schemas],
        "services": [_build_service(ownership, service) for service in ownership.services],
        "roles": [_build_role(ownership, name) for name in list_role_names(ownership)],
        "apps": [_build_app(schema, app) for schema in ownership.schemas for app in schema.apps],
        "placements": [_build_app(schema, app) for schema in ownership.schemas for app in schema.places],
        "contracts": [
            _build_contract(ownership, side)
            for contract in ownership.contracts
            for side in list_sides(ownership, contract)
        ],
        "proofs": [{"kind": kind, **_pick(proof, _PROOF)} for kind, proof in ownership.proofs.items()],
        "extensions": ownership.extensions,
        "rights": [_pick(right, _RIGHT) for right in ownership.rights],
        "moves": [_pick(move, _MOVE) for move in ownership.moves],
        "groups": [_pick(group, _GROUP) for group in ownership.groups],
    }


def _build_schema(schema: Schema) -> _Document:
    return {**_pick(schema, _SCHEMA), "withheld": [_pick(each, _WITHHELD) for each in schema.withheld]}


def _build_service(ownership: Ownership, service: Service) -> _Document:
    """Give a service with the limits that its login gets; a time that it does not get is missing."""
    return {
        **_pick(service, _SERVICE),
        "connections": get_connections(service),
        "times": list_times(ownership, service),
    }


def _pick(entry: object, names: tuple[str, ...]) -> _Document:
    return {name: _simplify(getattr(entry, name)) for name in names}


def _simplify(value: Any) -> Any:
    """Give a value as JSON has it: a date as ISO 8601, a tuple as a list, columns by table."""
    if isinstance(value, Mapping):
        return {key: list(each) for key, each in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _build_role(ownership: Ownership, name: str) -> _Document:
    """Give a role, what it is for and what it may become."""
    kinds = {schema.owner: "owner" for schema in ownership.schemas}
    kinds |= {schema.login: "external" for schema in ownership.schemas}
    kinds |= {service.login: "service" for service in ownership.services}
    kinds |= {ownership.combined: "combined", ownership.migrator: "migrator", ownership.mover: "mover"}
    return {
        "name": name,
        "kind": kinds[name],
        "login": name in ownership.iter_logins(),
        "member_of": [each.role for each in iter_memberships(ownership) if each.member == name],
    }


def _build_app(schema: Schema, app: str) -> _Document:
    """Give an app, its schema and its tables; `label` is the app's label in Django."""
    return {"label": app, "schema": schema.name, "owner": schema.owner, "tables": _list_tables(app)}


def _list_tables(app: str) -> list[str]:
    """Give an installed app's tables as `schema.table`, sorted; none for an app that is not installed."""
    if app not in apps.app_configs:
        return []
    models = apps.get_app_config(app).get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy})


def _build_contract(ownership: Ownership, side: ContractSide) -> _Document:
    """Give a contract with the roles on both sides; where its consumer is a service and a schema, a part for each."""
    provider = ownership.find_schema(side.contract.schema)
    return {
        "schema": side.contract.schema,
        "owner": provider.owner if provider else None,
        "consumer": side.contract.consumer,
        "kind": side.kind,
        "role": side.role,
        **_pick(side.contract, ("read", "reference", "on_delete", "call", "use", "comment")),
    }
