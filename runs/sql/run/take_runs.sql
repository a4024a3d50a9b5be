-- name: take_runs
-- kind: one
-- purpose: does what load_runs does, for a service token: how many runs were changed, and which can't go on to what was reported
-- type: reports = list[dict[str, Any]]
-- type: changed! = int
-- type: unfollowing! = list[str]
-- only: postgresql
SELECT t.changed, t.unfollowing
FROM app.take_runs(@project_id, @reports) AS t
