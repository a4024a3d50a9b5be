-- name: prune_runs
-- kind: execrows
-- purpose: deletes some of the ended runs that were made before a time
-- service: admin
-- index: runs_created_at_idx
DELETE FROM app.runs
WHERE id IN (
    SELECT r.id
    FROM app.runs AS r
    WHERE r.created_at < @before AND r.status IN ('succeeded', 'failed', 'cancelled')
    ORDER BY r.created_at
    LIMIT @most
)
