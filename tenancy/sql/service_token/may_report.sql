-- name: may_report
-- kind: one
-- purpose: whether the service token that asks may report runs to a project
-- type: allowed! = bool
-- only: postgresql
SELECT app.may_report_to(@project_id) AS allowed
