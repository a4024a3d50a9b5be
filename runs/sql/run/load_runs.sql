-- name: load_runs
-- kind: load
-- purpose: inserts runs; one that its project has already becomes what is new of it, where its status may follow. Gives how many
--   were changed
-- index: runs_project_external_id_uniq
INSERT INTO app.runs (project_id, external_id, kind, status, started_at, finished_at, metadata)
VALUES (@project_id, @external_id, @kind, @status, @started_at, @finished_at, @metadata)
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
    )
