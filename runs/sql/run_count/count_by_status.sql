-- name: count_by_status
-- kind: many
-- purpose: how many runs there are by status since a day, of all projects that whoever asks may see or of one
-- type: runs! = int
-- index: run_counts_pkey
SELECT c.status, CAST(sum(c.runs) AS bigint) AS runs
FROM app.run_counts AS c
WHERE c.day >= @first
-- if: project_id
    AND c.project_id = @project_id
-- end
GROUP BY c.status
