"""The map as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group as Stack
from rich.table import Table
from rich.text import Text

from freehold.ownership.contract_sides import list_sides
from freehold.ownership.map import FREEING, Contract, Ownership, Schema


def build_tables(ownership: Ownership) -> Stack:
    """Give what lies where, who uses it and what crosses."""
    tables = [_build_schemas(ownership), _build_services(ownership), _build_contracts(ownership)]
    tables += [_build_withheld(ownership)] if any(schema.withheld for schema in ownership.schemas) else []
    tables += [_build_let(ownership)] if any(schema.lets_run for schema in ownership.schemas) else []
    tables += [_build_proofs(ownership)] if ownership.proofs else []
    return Stack(*(each for table in tables for each in (table, "")))


def _build_schemas(ownership: Ownership) -> Table:
    rows = [
        (schema.name, schema.owner, schema.service or "", _list_apps(schema), schema.comment)
        for schema in ownership.schemas
    ]
    return _build_table("What lies where", ("Schema", "Owner role", "Service", "Apps", "For"), rows)


def _list_apps(schema: Schema) -> str:
    """Give a schema's apps, its own and, in brackets, those placed there."""
    words = ", ".join(schema.apps)
    if schema.places:
        words += f" (placed: {', '.join(schema.places)})"
    if schema.external:
        return f"external (unmanaged: {words})" if words else "external"
    return words.strip()


def _build_services(ownership: Ownership) -> Table:
    """Give a row for each login: services, external tools, the combined one, the migrator."""
    rows = [
        (service.name, service.login, ", ".join(service.writes), ", ".join(service.reads), service.comment)
        for service in ownership.services
    ]
    rows += [
        ("external", schema.login, "", "", f"becomes {schema.owner}") for schema in ownership.schemas if schema.login
    ]
    if ownership.combined:
        logins = ", ".join(service.login for service in ownership.services)
        commands = ownership.find_commands_service()
        words = f"becomes {logins}; commands act as {commands.name}" if commands else f"becomes {logins}"
        rows.append(("all", ownership.combined, "", "", words))
    owners = ", ".join(schema.owner for schema in ownership.schemas if schema.owner != ownership.migrator)
    rows.append(("migrate", ownership.migrator, "", "", f"becomes {owners}"))
    return _build_table("Who connects", ("Service", "Login", "Writes", "Reads", "For"), rows)


def _build_contracts(ownership: Ownership) -> Table:
    """Give a row for each table or function of each contract."""
    rows = []
    for side in (side for contract in ownership.contracts for side in list_sides(ownership, contract)):
        for number, (right, target) in enumerate(_list_rights(side.contract)):
            head = (side.contract.schema, side.role, side.contract.comment) if number == 0 else ("", "", "")
            rows.append((head[0], head[1], right, target, head[2]))
    return _build_table("What crosses a schema", ("Of", "For", "May", "What", "Because"), rows)


def _build_withheld(ownership: Ownership) -> Table:
    """Give a row for each thing that no service gets."""
    rows = [
        (schema.name, each.name, ", ".join(each.columns), ", ".join(each.verbs))
        for schema in ownership.schemas
        for each in schema.withheld
    ]
    return _build_table("What no service gets", ("Of", "What", "Columns", "Privileges"), rows)


def _build_let(ownership: Ownership) -> Table:
    """Give a row for each function that may run with the rights of whoever uses a table."""
    rows = [(schema.name, each) for schema in ownership.schemas for each in schema.lets_run]
    return _build_table("What runs with the rights of whoever uses a table", ("Of", "What"), rows)


def _build_proofs(ownership: Ownership) -> Table:
    """Give a row for each kind of proof."""
    rows = [(kind, proof.user, proof.tenant, proof.seal) for kind, proof in ownership.proofs.items()]
    return _build_table("How the database finds who acts", ("Proof", "User", "Tenant", "Made by"), rows)


def _list_rights(contract: Contract) -> list[tuple[str, str]]:
    """Give what a contract allows: a word and its object, a table with its columns or a function."""
    actions = f" on delete {', '.join(contract.on_delete)}" if contract.on_delete != FREEING else ""
    tables = (
        (word, f"{table} ({', '.join(columns)}){actions if word == 'reference' else ''}")
        for word, table, columns in contract.iter_tables()
    )
    return [*tables, *(("call", signature) for signature in contract.call), *(("use", name) for name in contract.use)]


def _build_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Give a table; texts stand as they are, since brackets in them are no markup."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
