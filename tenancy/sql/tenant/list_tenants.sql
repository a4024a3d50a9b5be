-- name: list_tenants
-- kind: many
-- purpose: tenants that whoever asks may see, with the user's role there, a page of them
-- type: user_id? = UUID
-- type: role? = Literal["owner", "admin", "member", "viewer"]
-- sort: slug = t.slug
-- page: 50 200
-- index: tenants_slug_uniq
SELECT
    t.id,
    t.name,
    t.slug,
    t.email,
    (SELECT m.role FROM app.memberships AS m WHERE m.tenant_id = t.id AND m.user_id = @user_id) AS role,
    t.version,
    t.created_at,
    t.updated_at
FROM app.tenants AS t
WHERE true
-- after
