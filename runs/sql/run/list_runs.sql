-- name: list_runs
-- kind: many
-- purpose: runs of whoever asks, a page of them. `words` are the beginnings of words of kind, external id and metadata;
--   `since` belongs to the range of times, `until` does not
-- type: metadata = dict[str, Any]
-- sort: newest = r.created_at DESC, r.id DESC
-- sort: oldest = r.created_at, r.id
-- page: 50 200
-- most: 256
-- index: runs_project_created_at_idx, runs_status_created_at_idx, runs_created_at_idx, runs_search_idx
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
WHERE true
-- if: words
    AND r.id IN (SELECT found FROM app.search_runs(@words) AS found)
-- end
-- if: project_id
    AND r.project_id = @project_id
-- end
-- if: statuses
    AND r.status = ANY (@statuses)
-- end
-- if: kind
    AND r.kind = @kind
-- end
-- if: since
    AND r.created_at >= @since
-- end
-- if: until
    AND r.created_at < @until
-- end
-- after
