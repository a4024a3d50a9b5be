-- name: find_membership
-- kind: maybe
-- purpose: a membership by its id, with its user
-- type: role = Literal["owner", "admin", "member", "viewer"]
-- index: memberships_pkey
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
WHERE m.id = @id
