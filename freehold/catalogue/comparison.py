"""Where the live database and the map differ, as far as a page needs it; the full comparison is a matter of drift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps

from freehold.catalogue.values import Catalogue
from freehold.ownership.map import Ownership


@dataclass(frozen=True)
class Difference:
    """One thing that is not as declared: what, what is there, what the map or the models say."""

    name: str
    found: str
    expected: str


def list_differences(catalogue: Catalogue, ownership: Ownership, declared_tables: Iterable[str]) -> list[Difference]:
    """Give what differs, schemas first; empty when all is as declared.

    `declared_tables` are what `list_declared_tables` gives. A catalogue whose owners come from the map can only lack
    tables.
    """
    return [
        *_compare_schemas(catalogue, ownership),
        *_compare_roles(catalogue, ownership),
        *_compare_owners(catalogue, ownership),
        *_compare_access(catalogue),
        *_compare_tables(catalogue, declared_tables),
    ]


def _compare_schemas(catalogue: Catalogue, ownership: Ownership) -> Iterator[Difference]:
    for declared in ownership.schemas:
        live = catalogue.find_schema(declared.name)
        if live is None:
            yield Difference(f"schema {declared.name}", "missing", f"owned by {declared.owner}")
        elif live.owner != declared.owner:
            yield Difference(f"schema {declared.name}", f"owned by {live.owner}", f"owned by {declared.owner}")
    for live in catalogue.schemas:
        if ownership.find_schema(live.name) is None:
            yield Difference(f"schema {live.name}", f"owned by {live.owner}", "not in the map")


def _compare_roles(catalogue: Catalogue, ownership: Ownership) -> Iterator[Difference]:
    if catalogue.declared:
        return
    for service in ownership.services:
        if service.login not in catalogue.roles:
            yield Difference(f"login {service.login}", "missing", f"login of the service {service.name}")


def _compare_owners(catalogue: Catalogue, ownership: Ownership) -> Iterator[Difference]:
    for declared in ownership.schemas:
        live = catalogue.find_schema(declared.name)
        for table in live.tables if live else ():
            if table.owner != declared.owner:
                yield Difference(f"{table.kind} {table.label}", f"owned by {table.owner}", f"owned by {declared.owner}")


def _compare_access(catalogue: Catalogue) -> Iterator[Difference]:
    for schema in catalogue.schemas:
        for access in schema.access:
            if access.creates:
                yield Difference(f"login {access.login}", f"may create in {schema.name}", "no service may create")


def _compare_tables(catalogue: Catalogue, declared_tables: Iterable[str]) -> Iterator[Difference]:
    live = {table.label for table in catalogue.iter_tables()}
    for name in sorted(set(declared_tables) - live):
        yield Difference(f"table {name}", "missing", "declared by a model")


def list_declared_tables() -> set[str]:
    """Give the tables that installed models declare, as `schema.table`; a name without a schema lies in `public`."""
    models = apps.get_models(include_auto_created=True)
    names = {model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy}
    return {name if "." in name else f"public.{name}" for name in names}
