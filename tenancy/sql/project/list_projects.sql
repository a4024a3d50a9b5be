-- name: list_projects
-- kind: many
-- purpose: projects that whoever asks may see, a page of them
-- sort: slug = p.slug, p.id
-- sort: newest = p.created_at DESC, p.id DESC
-- page: 50 200
-- index: projects_tenant_slug_uniq, projects_created_at_idx
SELECT p.id, p.tenant_id, p.name, p.slug, p.version, p.created_at, p.updated_at
FROM app.projects AS p
WHERE true
-- if: tenant_id
    AND p.tenant_id = @tenant_id
-- end
-- after
