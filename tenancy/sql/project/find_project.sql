-- name: find_project
-- kind: maybe
-- purpose: a project by its id
-- index: projects_pkey
SELECT p.id, p.tenant_id, p.name, p.slug, p.version, p.created_at, p.updated_at
FROM app.projects AS p
WHERE p.id = @id
