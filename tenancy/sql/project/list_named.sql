-- name: list_named
-- kind: many
-- purpose: the projects that whoever asks may see with their tenants' names, by both names, as many as people choose from; or
--   those of these ids
-- index: projects_pkey
SELECT
    p.id,
    p.name,
    t.name AS tenant_name
FROM app.projects AS p
INNER JOIN app.tenants AS t ON t.id = p.tenant_id
WHERE true
-- if: ids
    AND p.id = ANY (@ids)
-- end
ORDER BY p.name, t.name, p.id
LIMIT 200
