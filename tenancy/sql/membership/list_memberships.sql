-- name: list_memberships
-- kind: many
-- purpose: memberships that whoever asks may see, with their users, a page of them, the oldest first
-- type: role = Literal["owner", "admin", "member", "viewer"]
-- sort: oldest = m.created_at, m.id
-- page: 50 200
-- index: memberships_tenant_user_uniq, memberships_created_at_idx
SELECT
    m.id,
    m.tenant_id,
    m.role,
    u.id AS "user.id",
    u.email AS "user.email",
    u.display_name AS "user.display_name",
    m.version,
    m.created_at
FROM app.memberships AS m
JOIN auth.user AS u ON u.id = m.user_id
WHERE true
-- if: tenant_id
    AND m.tenant_id = @tenant_id
-- end
-- after
