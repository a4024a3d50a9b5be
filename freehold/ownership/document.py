"""The map as a JSON document, for programs in other languages. docs/ownership.md describes its shape."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model

from freehold.ownership.compilation import iter_memberships
from freehold.ownership.consumers import Side, list_sides
from freehold.ownership.map import Move, Ownership, Schema, Service, list_role_names

VERSION = 1  # raised when a key changes its meaning or goes; new keys may come at any time

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
        "services": [_build_service(service) for service in ownership.services],
        "roles": [_build_role(ownership, name) for name in list_role_names(ownership)],
        "apps": [_build_app(schema, app, placed=False) for schema in ownership.schemas for app in schema.apps],
        "placements": [_build_app(schema, app, placed=True) for schema in ownership.schemas for app in schema.places],
        "contracts": [
            _build_contract(ownership, side)
            for contract in ownership.contracts
            for side in list_sides(ownership, contract)
        ],
        "moves": [_build_move(move) for move in ownership.moves],
        "groups": [
            {"name": group.name, "schemas": list(group.schemas), "actions": list(group.actions)}
            for group in ownership.groups
        ],
    }


def _build_schema(schema: Schema) -> _Document:
    return {
        "name": schema.name,
        "owner": schema.owner,
        "service": schema.service,
        "external": schema.external,
        "login": schema.login,
        "comment": schema.comment,
    }


def _build_service(service: Service) -> _Document:
    return {
        "name": service.name,
        "login": service.login,
        "writes": list(service.writes),
        "reads": list(service.reads),
        "search_path": list(service.search_path),
        "comment": service.comment,
    }


def _build_move(move: Move) -> _Document:
    """Give a move; `until` is an ISO date or null."""
    return {
        "old": move.old,
        "new": move.new,
        "until": move.until.isoformat() if move.until else None,
        "services": list(move.services),
        "comment": move.comment,
    }


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


def _build_app(schema: Schema, app: str, *, placed: bool) -> _Document:
    """Give an app, its schema and its tables; `label` is the app's label in Django."""
    return {"label": app, "schema": schema.name, "owner": schema.owner, "tables": _list_tables(app)}


def _list_tables(app: str) -> list[str]:
    """Give an installed app's tables as `schema.table`, sorted; none for an app that is not installed."""
    if app not in apps.app_configs:
        return []
    models = apps.get_app_config(app).get_models(include_auto_created=True)
    return sorted({_get_table(model) for model in models if model._meta.managed and not model._meta.proxy})


def _get_table(model: type[Model]) -> str:
    return model._meta.db_table


def _build_contract(ownership: Ownership, side: Side) -> _Document:
    """Give a contract with the roles on both sides; where its consumer is a service and a schema, a part for each."""
    contract = side.contract
    provider = ownership.find_schema(contract.schema)
    return {
        "schema": contract.schema,
        "owner": provider.owner if provider else None,
        "consumer": contract.consumer,
        "kind": side.kind,
        "role": side.role,
        "read": {table: list(columns) for table, columns in contract.read.items()},
        "reference": {table: list(columns) for table, columns in contract.reference.items()},
        "call": list(contract.call),
        "comment": contract.comment,
    }
