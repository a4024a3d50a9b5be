"""L030 to L032 and L034: what reaches from one schema of the catalogue into another without a contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from freehold.ownership import Ownership
from freehold.ownership.contract_sides import list_sides
from freehold.ownership.moves import list_views
from freehold_lint.judges import CatalogueRule, Row, tell


def list_shared(ownership: Ownership, word: str, consumers: Iterable[str], schema: str, table: str) -> set[str]:
    """Give the columns of a table that contracts share with one of the consumers; `word` is read or reference."""
    return {
        column
        for contract in ownership.contracts
        if contract.schema == schema and contract.consumer in consumers
        for column in getattr(contract, word).get(table, ())
    }


def list_readers(ownership: Ownership, schema: str) -> list[str]:
    """Give who a schema is as the consumer of contracts: its owner, by the schema's name, and its service."""
    found = ownership.find_schema(schema)
    return [schema, *([found.service] if found and found.service else [])]


def list_readable(ownership: Ownership, schema: str) -> set[str]:
    """Give the schemas all of which the owner's service may read."""
    services = [ownership.find_service(name) for name in list_readers(ownership, schema)]
    return {schema, *(name for each in services if each for name in (*each.reads, *each.writes))}


def _judge_foreign_keys(rows: Iterable[Row], ownership: Ownership) -> Iterator[tuple[str, str, str]]:
    for schema, table, name, there, target, columns in rows:
        if missing := set(columns) - list_shared(ownership, "reference", [schema], there, target):
            listed = ", ".join(columns)
            yield (
                f"{schema}.{table} ({name})",
                f"the foreign key points at {there}.{target} ({listed}), and no contract lets {schema} reference "
                f"{', '.join(sorted(missing))}.",
                f'Add Contract("{there}", consumer="{schema}", reference=…) to the ownership map, or drop the key.',
            )


def _judge_owner(
    ownership: Ownership, view: tuple[str, str], table: tuple[str, str], columns: set[str], owner: str
) -> Iterator[tuple[str, str, str]]:
    """Yield what a view lacks that reads by its owner's rights: what services may read is of no use to it."""
    provider = ownership.find_schema(table[0])
    sides = [side for each in ownership.contracts if each.schema == table[0] for side in list_sides(ownership, each)]
    shared = {column for side in sides if side.role == owner for column in side.contract.read.get(table[1], ())}
    missing = set() if provider and provider.owner == owner else columns - shared
    if missing:
        yield (
            ".".join(view),
            f"the view reads {'.'.join(table)} ({', '.join(sorted(missing))}) by the rights of its owner {owner}, with "
            f"whom no contract shares that.",
            f'Add Contract("{table[0]}", consumer="{view[0]}", read=…) to the ownership map, or make the view '
            f"security_invoker.",
        )


def _judge_types(rows: Iterable[Row], ownership: Ownership) -> Iterator[tuple[str, str, str]]:
    for schema, table, column, there, name in rows:
        provider, owner = ownership.find_schema(there), ownership.find_schema(schema)
        users = {
            side.role
            for each in ownership.contracts
            if each.schema == there and name in each.use
            for side in list_sides(ownership, each)
        }
        if owner and provider and owner.owner not in (*users, provider.owner):
            yield (
                f"{schema}.{table} ({column})",
                f"the column has the type {there}.{name}, and no contract lets {schema} use it.",
                f'Add Contract("{there}", consumer="{schema}", use=("{name}",)) to the ownership map.',
            )


def _judge_views(rows: Iterable[Row], ownership: Ownership) -> Iterator[tuple[str, str, str]]:
    declared = {(move.old, move.new) for move in list_views(ownership)}
    for schema, view, there, table, columns, owner in rows:
        if (f"{schema}.{view}", f"{there}.{table}") in declared:
            continue
        if owner:
            yield from _judge_owner(ownership, (schema, view), (there, table), set(columns), owner)
            continue
        shared = list_shared(ownership, "read", list_readers(ownership, schema), there, table)
        missing = set() if there in list_readable(ownership, schema) else set(columns) - shared
        if missing:
            yield (
                f"{schema}.{view}",
                f"the view reads {there}.{table} ({', '.join(sorted(missing))}), which no contract shares with "
                f"{' or '.join(list_readers(ownership, schema))}.",
                f'Add Contract("{there}", consumer=…, read=…) to the ownership map, or leave the columns out.',
            )


CROSSINGS = (
    CatalogueRule(
        "L030", "A foreign key crosses schemas without a contract", "crossing_foreign_keys", _judge_foreign_keys
    ),
    CatalogueRule("L031", "A view crosses schemas without a contract", "crossing_views", _judge_views),
    CatalogueRule(
        "L032",
        "A trigger's function lies in another schema",
        "crossing_triggers",
        tell(
            "the trigger runs {1}: another owner's code decides what this table's rows become.",
            "Move the function into the table's schema, and hand it to that owner.",
        ),
    ),
    CatalogueRule("L034", "A column's type crosses schemas without a contract", "crossing_types", _judge_types),
)
