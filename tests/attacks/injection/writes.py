"""What can be written: others' rows changed, copied, taken over, asked for by what comes back; plans and workers."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.injection import MARK
from tests.attacks.injection.attempts import Attempt, spread, steal
from tests.attacks.injection.estate import Estate
from tests.attacks.injection.guesses import set_
from tests.attacks.injection.takeovers import insert, iter_conflicts

WRITES = (
    "UPDATE {table} SET {column} = {column} RETURNING *",
    "UPDATE {table} AS t SET {column} = t.{column} WHERE {of_t} RETURNING t::text",
    "UPDATE {table} AS t SET {column} = o.{column} FROM {table} AS o WHERE {of_o} AND t.id = o.id RETURNING o::text",
    "DELETE FROM {table} AS t WHERE {of_t} RETURNING t::text",
    "DELETE FROM {table} AS t USING {table} AS o WHERE {of_o} AND t.id = o.id RETURNING o::text",
    "WITH gone AS (DELETE FROM {table} AS t WHERE {of_t} RETURNING t::text AS x) SELECT x FROM gone",
    "MERGE INTO {table} t USING (SELECT id FROM {table} s WHERE {of_s}) o ON t.id = o.id WHEN MATCHED THEN DELETE",
    "MERGE INTO {table} AS t USING (SELECT 1) AS o ON {of_t} WHEN MATCHED THEN UPDATE SET {column} = t.{column}",
    "MERGE INTO {table} AS t USING (SELECT 1) AS o ON {of_t} WHEN MATCHED THEN UPDATE SET id = t.id RETURNING t::text",
    "INSERT INTO {table} SELECT * FROM {table} AS t WHERE {of_t} ON CONFLICT DO NOTHING RETURNING *",
    "INSERT INTO {table} TABLE {table} ON CONFLICT (id) DO UPDATE SET id = excluded.id RETURNING *",
    "SELECT t::text FROM {table} AS t WHERE {of_t} FOR UPDATE SKIP LOCKED",
    "TRUNCATE {table} CASCADE",
    "COPY {table} FROM '/etc/passwd'",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "CREATE POLICY mine ON {table} USING (true)",
    "CREATE TEMPORARY TABLE stolen AS SELECT * FROM {table}",
    "CREATE TEMPORARY VIEW stolen AS SELECT * FROM {table}",
    "SELECT * INTO TEMPORARY stolen FROM {table}",
    "CREATE VIEW app.stolen AS SELECT * FROM {table}",
    "GRANT SELECT ON {table} TO PUBLIC",
    "ANALYZE {table}",
    "CREATE RULE mine AS ON SELECT TO {table} DO INSTEAD SELECT 1",
    "CREATE TRIGGER mine AFTER UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "LOCK TABLE {table} IN ROW SHARE MODE",
)
PARALLEL = (
    ("debug_parallel_query", "on"),
    ("force_parallel_mode", "on"),
    ("parallel_setup_cost", "0"),
    ("parallel_tuple_cost", "0"),
    ("min_parallel_table_scan_size", "0"),
    ("min_parallel_index_scan_size", "0"),
    ("max_parallel_workers_per_gather", "4"),
    ("parallel_leader_participation", "off"),
)


def iter_writes(estate: Estate) -> Iterator[Attempt]:
    for table, columns in estate.tables.items():
        for text in WRITES:
            marked = {f"of_{name}": f"{name}::text LIKE '%{MARK}%'" for name in "ost"}
            sql = text.format(table=table, column=columns[1], **marked)
            yield from spread("writes", sql, "BEGIN", sql, "ROLLBACK", ways=("simple", "extended"))
            yield from spread("writes", sql, sql, ways=("page", "page, transaction"))
    yield from iter_conflicts(estate)
    yield from iter_deferred(estate)


def iter_deferred(estate: Estate) -> Iterator[Attempt]:
    """Yield constraints that are looked at when a transaction ends, as somebody else by then; and two-phase commits."""
    ann, bob = estate.ann, estate.bob
    member = insert("memberships", "", tenant_id=bob.tenant_id, user_id=ann.user_id, role="owner")
    gone = f"DELETE FROM app.memberships WHERE user_id = '{ann.user_id}'"
    for name, value in (
        ("freehold.user_id", bob.user_id),
        ("freehold.proof", f"session:{bob.user_id}"),
        ("freehold.proof", ""),
        ("role", "app_owner"),
        ("row_security", "off"),
    ):
        for write in (member, gone):
            statements = (
                "BEGIN",
                "SET CONSTRAINTS ALL DEFERRED",
                write,
                set_(name, value, local=True),
                steal(estate),
                "ROLLBACK",
            )
            yield from spread(
                "deferred", f"{name} before the end of {write[:30]}", *statements, ways=("simple", "extended", "page")
            )
    for sql in ("PREPARE TRANSACTION 'x'", "COMMIT PREPARED 'x'", "ROLLBACK PREPARED 'x'"):
        yield from spread(
            "two-phase", sql, "BEGIN", set_("freehold.user_id", bob.user_id, local=True), sql, steal(estate)
        )
    yield from iter_plans(estate)


def iter_plans(estate: Estate) -> Iterator[Attempt]:
    """Yield workers, and plans that are kept from one proof to the next."""
    theft, bob = steal(estate), estate.bob
    guesses = [
        ("freehold.user_id", bob.user_id),
        ("freehold.proof", f"session:{bob.user_id}"),
        *(("freehold.proof", proof) for proof in estate.ended.values()),
        ("freehold.proof", ""),
        ("role", "admin_rw"),
    ]
    settings = [
        f"SELECT set_config('{name}', '{value}', false) FROM pg_settings WHERE name = '{name}'"
        for name, value in PARALLEL
    ]
    for name, value in guesses:
        yield from spread(
            "workers",
            f"{name} = {value[:20]!r}",
            *settings,
            set_(name, value),
            theft,
            f"SELECT count(*) FROM app.items WHERE name LIKE '{MARK}%'",
            counts=True,
            ways=("page", "simple", "extended"),
        )
        for mode in ("auto", "force_generic_plan", "force_custom_plan"):
            begin = (set_("plan_cache_mode", mode), f"PREPARE theft AS {theft}", *("EXECUTE theft",) * 6)
            yield from spread(
                "plans",
                f"{mode}, then {name} = {value[:20]!r}",
                *begin,
                set_(name, value),
                *("EXECUTE theft",) * 2,
                ways=("simple", "extended", "page"),
            )
            yield from spread(
                "plans",
                f"{mode}, {name} = {value[:20]!r} in a transaction",
                "BEGIN",
                *begin,
                set_(name, value, local=True),
                "EXECUTE theft",
                "COMMIT",
                "EXECUTE theft",
                ways=("simple", "extended"),
            )
    for name, value in guesses:
        cursor = (
            "BEGIN",
            f"DECLARE theft CURSOR WITH HOLD FOR {theft}",
            set_(name, value, local=True),
            "FETCH 5 theft",
            "COMMIT",
            "FETCH ALL theft",
        )
        yield from spread(
            "cursors", f"{name} = {value[:20]!r} while one is open", *cursor, ways=("simple", "extended", "page")
        )
