-- name: list_statuses
-- kind: many
-- purpose: the status of each of these runs of a project
-- index: runs_project_external_id_uniq
SELECT r.external_id, r.status
FROM app.runs AS r
WHERE r.project_id = @project_id
    AND r.external_id = ANY (@external_ids)
