"""What Ann leaves on a connection before Bob, or a visitor, has it; and what she finds there afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.attacks.injection.attempts import quote, steal
from tests.attacks.injection.estate import Estate

NAMES = ("_pg3_0", "_pg3_1", "_pg3_2", "s1", "x")  # the driver's, and others
OWN = "SELECT id, name FROM app.items WHERE NOT is_active"


class Leaving(NamedTuple):
    """What is left, and what is asked for once Bob was there."""

    title: str
    left: tuple[str, ...]
    asked: tuple[str, ...]
    atomic: bool = False


def iter_leavings(estate: Estate, own_proof: str) -> Iterator[Leaving]:
    theft, bob = steal(estate), estate.bob
    for name in NAMES:
        for text in (theft, OWN, "INSERT INTO app.favorites SELECT * FROM app.favorites", "SELECT $1::text"):
            yield Leaving(
                f"PREPARE {name} AS {text[:20]}",
                (f"DEALLOCATE {quote_name(name)}", f"PREPARE {quote_name(name)} AS {text}"),
                (f"EXECUTE {quote_name(name)}", "SELECT name, statement FROM pg_prepared_statements"),
            )
        for hold in ("WITH HOLD", "WITHOUT HOLD", "BINARY SCROLL CURSOR WITH HOLD"):
            declared = f"DECLARE {quote_name(name)} {hold if 'CURSOR' in hold else 'CURSOR ' + hold} FOR {theft}"
            yield Leaving(
                f"DECLARE {name} {hold}", (declared,), (f"FETCH ALL {quote_name(name)}", "SELECT * FROM pg_cursors")
            )
            yield Leaving(
                f"DECLARE {name} {hold}, transaction", (declared,), (f"FETCH ALL {quote_name(name)}",), atomic=True
            )
    for setting, value in (
        ("freehold.proof", own_proof),
        ("freehold.user_id", estate.ann.user_id),
        ("freehold.user_id", bob.user_id),
        ("freehold.tenant_id", bob.tenant_id),
        ("role", "admin_rw"),
        ("row_security", "off"),
        ("search_path", "pg_temp, app"),
        ("default_transaction_read_only", "on"),
        ("default_transaction_isolation", "serializable"),
        ("application_name", "x"),
        ("plan_cache_mode", "force_generic_plan"),
        ("client_min_messages", "debug5"),
        ("log_min_messages", "debug5"),
        ("statement_timeout", "3600000"),
        ("standard_conforming_strings", "off"),
        ("client_encoding", "LATIN1"),
        ("DateStyle", "German"),
        ("TimeZone", "Asia/Tokyo"),
        ("bytea_output", "escape"),
        ("transform_null_equals", "on"),
    ):
        yield Leaving(
            f"set_config {setting} = {value[:12]}",
            (f"SELECT set_config({quote(setting)}, {quote(value)}, false)",),
            (theft, f"SELECT current_setting({quote(setting)}, true)"),
        )
        yield Leaving(f"SET {setting} = {value[:12]}", (f"SET SESSION {setting} = {quote(value)}",), (theft,))
    for statements in (
        ("BEGIN", set_local(bob.user_id)),
        ("BEGIN",),
        ("BEGIN", "SAVEPOINT a"),
        ("START TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SELECT 1"),
        ("BEGIN READ ONLY",),
        ("BEGIN", "SELECT 1/0"),
        ("COMMIT",),
        ("ROLLBACK",),
        ("COMMIT AND CHAIN",),
        ("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",),
        ("SET ROLE NONE",),
        ("RESET ALL",),
        ("DISCARD ALL",),
        ("RESET ROLE",),
        ("SET SESSION AUTHORIZATION DEFAULT",),
        ("PREPARE TRANSACTION 'x'",),
    ):
        yield Leaving(" ; ".join(statements), statements, (theft, "SELECT * FROM pg_cursors"))
        yield Leaving(" ; ".join(statements) + ", in a transaction", statements, (theft,), atomic=True)
    for statement in (
        "CREATE TEMP TABLE items AS SELECT * FROM app.items",
        "CREATE TEMP VIEW items AS SELECT 1",
        "CREATE FUNCTION pg_temp.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "CREATE TEMP SEQUENCE s",
        "CREATE TYPE pg_temp.text AS (x int)",
        "CREATE DOMAIN pg_temp.uuid AS text",
        "CREATE OPERATOR pg_temp.= (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text)",
        "LISTEN items",
        "LISTEN leak",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_advisory_lock_shared(1, 2)",
        "NOTIFY items",
        "LOCK TABLE app.items",
        "SELECT pg_export_snapshot()",
        "SELECT lo_create(0)",
        "SELECT setseed(0)",
        "LOAD 'auto_explain'",
        "UNLISTEN *",
        "CLOSE ALL",
        "DEALLOCATE ALL",
        "SELECT pg_create_logical_replication_slot('x', 'pgoutput')",
        "SELECT set_config('log_statement', 'all', false)",
        "SELECT set_config('session_replication_role', 'replica', false)",
    ):
        yield Leaving(
            statement, (statement,), (theft, "SELECT * FROM pg_temp.items", "SELECT * FROM pg_listening_channels()")
        )


def quote_name(name: str) -> str:
    return f'"{name}"'


def set_local(user_id: str) -> str:
    return f"SELECT set_config('freehold.user_id', '{user_id}', true)"
