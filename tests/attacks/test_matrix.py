"""Every service tries everything on every table and column of the database, as its own login.

The attempts come from the catalogue, what must succeed from the fields of the map, read here once more and by other
code than the one that grants. What is not declared must fail, what is declared must work.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

from config.ownership import OWNERSHIP
from freehold.ownership import Service
from tests.attacks.attempts import Attempt, is_refused, iter_attempts, list_columns

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

Connect = Callable[[str], psycopg.Connection]


def is_declared(service: Service, attempt: Attempt) -> bool:
    """Tell whether the map says that the service may do this."""
    if attempt.schema in service.writes:
        return not is_withheld(attempt) and attempt.privilege in {"SELECT", "INSERT", "UPDATE", "DELETE", "LOCK"}
    if attempt.privilege != "SELECT":
        return False
    return attempt.schema in service.reads or any(
        attempt.column in contract.read.get(attempt.table, ())
        for contract in OWNERSHIP.contracts
        if (contract.schema, contract.consumer) == (attempt.schema, service.name)
    )


def is_withheld(attempt: Attempt) -> bool:
    """Tell whether the map keeps it from every service."""
    return any(
        (schema.name, each.name) == (attempt.schema, attempt.table)
        and (each.is_whole or attempt.column in each.columns or attempt.privilege in each.verbs)
        for schema in OWNERSHIP.schemas
        for each in schema.withheld
    )


@pytest.mark.parametrize("schema", [*OWNERSHIP.schema_names, "anything else"])
@pytest.mark.parametrize("service", OWNERSHIP.services, ids=lambda service: service.name)
def test_service_may_do_what_is_declared_and_nothing_else(
    service: Service, schema: str, connect_as: Connect, request: pytest.FixtureRequest
) -> None:
    login = connect_as(service.login)
    attempts = list(iter_attempts([each for each in list_columns(login) if belongs(each[0], schema)]))
    wrong = list_wrong(service, login, attempts)
    request.node.user_properties.append(("attempts", len(attempts)))

    assert wrong == []
    assert attempts or schema == "anything else"


def list_wrong(service: Service, login: psycopg.Connection, attempts: list[Attempt]) -> list[str]:
    """Try them all; give those that were answered otherwise than declared."""
    wrong = []
    for attempt in attempts:
        refused = is_refused(login, attempt.statement)
        if refused == is_declared(service, attempt):
            wrong.append(f"{attempt}: {'refused, and declared' if refused else 'worked, and declared nowhere'}")
    return wrong


def belongs(found: str, schema: str) -> bool:
    return found not in OWNERSHIP.schema_names if schema == "anything else" else found == schema


# --- Owners ----------------------------------------------------------------------------------------------------------
OWNERS = [schema for schema in OWNERSHIP.schemas if schema.owner != OWNERSHIP.migrator]


@pytest.mark.parametrize("owner", OWNERS, ids=lambda schema: schema.owner)
def test_owner_references_what_a_contract_lists_and_touches_nothing_else_elsewhere(
    owner: object, connect_as: Connect, request: pytest.FixtureRequest
) -> None:
    migrator = connect_as(OWNERSHIP.migrator)
    columns = [each for each in list_columns(migrator) if each[0] != owner.name]  # type: ignore[attr-defined]
    migrator.execute(f"SET ROLE {owner.owner}")  # type: ignore[attr-defined]
    wrong = []
    attempts = [each for each in iter_attempts(columns) if each.privilege not in {"REFERENCES", "SELECT"}]
    wrong += [str(each) for each in attempts if not is_refused(migrator, each.statement) and not is_tracking(each)]
    for schema, table, column in columns:
        if may_reference(migrator, schema, table, column) != is_shared_key(owner.name, schema, table, column):  # type: ignore[attr-defined]
            wrong.append(f"REFERENCES on {schema}.{table} ({column})")
    request.node.user_properties.append(("attempts", len(attempts) + len(columns)))

    assert wrong == []


def is_tracking(attempt: Attempt) -> bool:
    """Tell whether it is about the two tables that a migration's row goes into, as the owner that ran it."""
    return attempt.schema == "public" and attempt.table in {"django_migrations", "migration_history"}


def may_reference(session: psycopg.Connection, schema: str, table: str, column: str) -> bool:
    """Ask the server: to try it, the column needs a unique index of its own, which most have not."""
    query = (
        "SELECT has_schema_privilege(%s, 'USAGE') "
        "AND has_column_privilege(format('%%I.%%I', %s::text, %s::text), %s, 'REFERENCES')"
    )
    row = session.execute(query, [schema, schema, table, column]).fetchone()
    return bool(row and row[0])


def is_shared_key(consumer: str, schema: str, table: str, column: str) -> bool:
    return any(
        column in contract.reference.get(table, ())
        for contract in OWNERSHIP.contracts
        if (contract.schema, contract.consumer) == (schema, consumer)
    )


def test_matrix_sees_every_table_of_the_database(connect_as: Connect) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'")
        (expected,) = cursor.fetchone()

    columns = list_columns(connect_as("web_rw"))

    assert len({each[:2] for each in columns}) == expected
