-- name: find_tenant
-- kind: maybe
-- purpose: a tenant by its id, with the user's role there
-- type: user_id? = UUID
-- type: role? = Literal["owner", "admin", "member", "viewer"]
-- index: tenants_pkey
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
WHERE t.id = @id
