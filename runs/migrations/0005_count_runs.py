# ruff: noqa: S608 - what is put together is of this file
"""Count runs in app.run_counts, in the transaction that changes them; those that are there are counted first.

Each transaction counts in rows of its own (`part` is its number), so that none waits for another and none can come to a
deadlock; what deletes runs, and one of 64 others, adds up what stands beside part 0. Bucket i has durations up to
1.04 ^ i microseconds.
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL, RunSQLite

FIELDS = "project_id, day, status, bucket, part, runs, duration"
ADD = """
    ON CONFLICT (project_id, day, status, bucket, part)
    DO UPDATE SET runs = c.runs + excluded.runs, duration = c.duration + excluded.duration"""
# A project that is being deleted takes its runs and its counts along: nothing is written for it.
COUNT = f"""
    INSERT INTO app.run_counts AS c ({FIELDS})
    SELECT counted.*
    FROM (
        SELECT r.project_id, (r.created_at AT TIME ZONE 'UTC')::date, r.status,
            CASE WHEN t.micros >= 1 THEN ceil(ln(t.micros::float8) / ln(1.04::float8)) WHEN t.micros = 0 THEN -1 ELSE -2 END
                ::smallint,
            {{part}}, sum(r.sign), coalesce(sum(r.sign * t.micros), 0)
        FROM ({{rows}}) AS r
        CROSS JOIN LATERAL (SELECT CASE WHEN isfinite(r.started_at) AND isfinite(r.finished_at) THEN
            (extract(epoch FROM r.finished_at - r.started_at) * 1000000)::numeric(30, 0) END) AS t (micros)
        GROUP BY 1, 2, 3, 4
        HAVING sum(r.sign) <> 0 OR sum(r.sign * t.micros) <> 0
    ) AS counted ({FIELDS})
    JOIN app.projects AS p ON p.id = counted.project_id
    ORDER BY 1, 2, 3, 4{ADD};"""
ROWS = "SELECT {sign} AS sign, project_id, status, created_at, started_at, finished_at FROM {source}"
ADDED, TAKEN = ROWS.format(sign=1, source="added"), ROWS.format(sign=-1, source="taken")
# Whoever is alone at it adds up; the others leave it to the next.
FOLD = f"""
CREATE FUNCTION app.fold_run_counts(projects uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed'
        OR NOT pg_try_advisory_xact_lock(hashtext('app.run_counts'), 0)
    THEN
        RETURN;
    END IF;
    WITH gone AS (DELETE FROM app.run_counts WHERE project_id = ANY (projects) AND part <> 0 RETURNING {FIELDS})
    INSERT INTO app.run_counts AS c ({FIELDS})
    SELECT project_id, day, status, bucket, 0, sum(runs), sum(duration)
    FROM gone
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4{ADD};
    DELETE FROM app.run_counts WHERE project_id = ANY (projects) AND part = 0 AND runs = 0;
END
$$
"""
PART = "pg_current_xact_id()::text::bigint"
COUNT_RUNS = f"""
CREATE FUNCTION app.count_runs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN{COUNT.format(part=PART, rows=ADDED)}
    ELSIF TG_OP = 'DELETE' THEN{COUNT.format(part=PART, rows=TAKEN)}
    ELSE{COUNT.format(part=PART, rows=f"{ADDED} UNION ALL {TAKEN}")}
    END IF;
    IF TG_OP = 'DELETE' THEN
        PERFORM app.fold_run_counts(ARRAY(SELECT DISTINCT project_id FROM taken));
    ELSIF TG_OP = 'INSERT' AND {PART} % 64 = 0 THEN
        PERFORM app.fold_run_counts(ARRAY(SELECT DISTINCT project_id FROM added));
    END IF;
    RETURN NULL;
END
$$
"""
# For `manage.py runs check --repair`. Writers wait meanwhile, so that what they count is counted once.
RECOUNT = f"""
CREATE FUNCTION app.recount_runs() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    LOCK TABLE app.runs IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM app.run_counts;{COUNT.format(part="0", rows=ROWS.format(sign=1, source="app.runs"))}
END
$$
"""
FUNCTIONS = {"fold_run_counts(uuid[])": FOLD, "count_runs()": COUNT_RUNS, "recount_runs()": RECOUNT}
TRIGGERS = {
    "runs_counted_insert": "AFTER INSERT ON app.runs REFERENCING NEW TABLE AS added",
    "runs_counted_update": "AFTER UPDATE ON app.runs REFERENCING OLD TABLE AS taken NEW TABLE AS added",
    "runs_counted_delete": "AFTER DELETE ON app.runs REFERENCING OLD TABLE AS taken",
}

# --- SQLite ----------------------------------------------------------------------------------------------------------
# Times are texts with up to six digits of a second.
PARTS = "CASE WHEN substr({0}, 20, 1) = '.' THEN CAST(substr(substr({0}, 21) || '000000', 1, 6) AS INTEGER) ELSE 0 END"
MICROS = (
    "(CAST(strftime('%s', substr({row}finished_at, 1, 19)) AS INTEGER) - CAST(strftime('%s', substr({row}started_at, 1, 19)) AS INTEGER)) * 1000000"
    f" + {PARTS.format('{row}finished_at')} - {PARTS.format('{row}started_at')}"
)
BUCKET = (
    "CASE WHEN t.micros >= 1 THEN CAST(ceil(ln(t.micros) / ln(1.04)) AS INTEGER) WHEN t.micros = 0 THEN -1 ELSE -2 END"
)
COUNT_SQLITE = f"""
    INSERT INTO "app.run_counts" ({FIELDS})
    SELECT {{row}}project_id, date({{row}}created_at), {{row}}status, {BUCKET}, 0, {{sign}}, {{sign}} * coalesce(t.micros, 0)
    FROM (SELECT {MICROS} AS micros) AS t
    WHERE EXISTS (SELECT 1 FROM "app.projects" AS p WHERE p.id = {{row}}project_id){ADD.replace("c.", "")};"""
CLEAR_SQLITE = ' DELETE FROM "app.run_counts" WHERE project_id = OLD.project_id AND runs = 0;'
ADD_SQLITE, TAKE_SQLITE = COUNT_SQLITE.format(row="NEW.", sign=1), COUNT_SQLITE.format(row="OLD.", sign=-1)
COUNTED = "project_id, created_at, status, started_at, finished_at"
OTHER = " OR ".join(f"OLD.{each} IS NOT NEW.{each}" for each in COUNTED.split(", "))
TRIGGERS_SQLITE = {
    "app.runs_counted_insert": ("INSERT", "", ADD_SQLITE),
    "app.runs_counted_update": ("UPDATE", f"WHEN {OTHER}", TAKE_SQLITE + ADD_SQLITE),
    "app.runs_counted_delete": ("DELETE", "", TAKE_SQLITE + CLEAR_SQLITE),
}
COUNT_ALL_SQLITE = f"""
    INSERT INTO "app.run_counts" ({FIELDS})
    SELECT r.project_id, date(r.created_at), r.status, {BUCKET}, 0, count(*), sum(coalesce(t.micros, 0))
    FROM "app.runs" AS r
    JOIN (SELECT r.id, {MICROS.format(row="r.")} AS micros FROM "app.runs" AS r) AS t ON t.id = r.id
    GROUP BY 1, 2, 3, 4"""


class Migration(migrations.Migration):
    dependencies = [("runs", "0004_run_count")]

    operations = [
        *(
            operation
            for signature, create in FUNCTIONS.items()
            for operation in (
                RunPostgreSQL(create, f"DROP FUNCTION app.{signature}"),
                RunPostgreSQL(f"REVOKE EXECUTE ON FUNCTION app.{signature} FROM PUBLIC", ""),
            )
        ),
        *(
            RunPostgreSQL(
                f"CREATE TRIGGER {name} {definition} FOR EACH STATEMENT EXECUTE FUNCTION app.count_runs()",
                f"DROP TRIGGER {name} ON app.runs",
            )
            for name, definition in TRIGGERS.items()
        ),
        RunPostgreSQL("SELECT app.recount_runs()", ""),
        *(
            RunSQLite(
                [f'CREATE TRIGGER "{name}" AFTER {verb} ON "app.runs" {when} BEGIN {body} END'],
                [f'DROP TRIGGER "{name}"'],
            )
            for name, (verb, when, body) in TRIGGERS_SQLITE.items()
        ),
        RunSQLite(COUNT_ALL_SQLITE, 'DELETE FROM "app.run_counts"'),
    ]
