"""Let service tokens report runs, which no policy lets them see: by a function that asks whose project it is.

An upsert reads what is there, so that policies would have to let a token read runs. The function has the rights of the
owner; it says how many runs are new or other, and which of the names that it was given have a status that can't follow.
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# What INSERT … ON CONFLICT says is that of runs/sql/run/load_runs.sql; tests hold the one against the other.
TAKE = """
CREATE FUNCTION app.take_runs(project uuid, reports jsonb, OUT changed bigint, OUT unfollowing text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT app.may_report_to(project) THEN
        RAISE 'app.runs: this project is of no tenant of the service token' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO app.runs (project_id, external_id, kind, status, started_at, finished_at, metadata)
    SELECT project, r.external_id, r.kind, r.status, r.started_at, r.finished_at, r.metadata
    FROM jsonb_to_recordset(reports) AS r (
        external_id text, kind text, status text, started_at timestamptz, finished_at timestamptz, metadata jsonb
    )
    ON CONFLICT (project_id, external_id) DO UPDATE
    SET
        kind = excluded.kind,
        status = excluded.status,
        started_at = coalesce(excluded.started_at, runs.started_at),
        finished_at = excluded.finished_at,
        metadata = CASE WHEN excluded.metadata = '{}' THEN runs.metadata ELSE excluded.metadata END,
        updated_at = CURRENT_TIMESTAMP
    WHERE (runs.status = excluded.status OR runs.status IN ('queued', 'running') AND excluded.status <> 'queued')
        AND (
            runs.kind <> excluded.kind
            OR runs.status <> excluded.status
            OR runs.started_at IS DISTINCT FROM coalesce(excluded.started_at, runs.started_at)
            OR runs.finished_at IS DISTINCT FROM excluded.finished_at
            OR runs.metadata <> excluded.metadata AND excluded.metadata <> '{}'
        );
    GET DIAGNOSTICS changed = ROW_COUNT;
    unfollowing := '{}';
    IF changed < jsonb_array_length(reports) THEN
        SELECT coalesce(array_agg(u.external_id), '{}') INTO unfollowing
        FROM app.runs AS u
        JOIN jsonb_to_recordset(reports) AS r (external_id text, status text) ON r.external_id = u.external_id
        WHERE u.project_id = project AND u.status <> r.status;
    END IF;
END
$$
"""
SIGNATURE = "app.take_runs(uuid, jsonb)"


class Migration(migrations.Migration):
    dependencies = [("runs", "0007_run_search"), ("tenancy", "0019_use_of_service_token")]

    operations = [
        RunPostgreSQL(
            [TAKE, f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC"], f"DROP FUNCTION IF EXISTS {SIGNATURE}"
        ),
    ]
