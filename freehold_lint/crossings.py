"""L030 to L032: what reaches from one schema of the catalogue into another without a contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from freehold.ownership import Ownership
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


def _judge_views(rows: Iterable[Row], ownership: Ownership) -> Iterator[tuple[str, str, str]]:
    declared = {(move.old, move.new) for move in list_views(ownership)}
    for schema, view, there, table, columns in rows:
        if (f"{schema}.{view}", f"{there}.{table}") in declared:
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
)
