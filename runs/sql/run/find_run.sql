-- name: find_run
-- kind: maybe
-- purpose: a run by its id
-- type: metadata = dict[str, Any]
-- index: runs_pkey
SELECT
    r.id,
    r.project_id,
    r.external_id,
    r.kind,
    r.status,
    r.started_at,
    r.finished_at,
    r.metadata,
    r.version,
    r.created_at,
    r.updated_at
FROM app.runs AS r
WHERE r.id = @id
