-- name: find_invitation
-- kind: maybe
-- purpose: an invitation by its id, without what accepts it
-- type: role = Literal["owner", "admin", "member", "viewer"]
-- index: invitations_pkey
SELECT
    i.id,
    i.tenant_id,
    i.email,
    i.role,
    u.id AS "inviter.id",
    u.display_name AS "inviter.display_name",
    i.expires_at,
    i.accepted_at,
    i.declined_at,
    i.created_at
FROM app.invitations AS i
JOIN app.memberships AS m ON m.id = i.inviter_id
JOIN auth.user AS u ON u.id = m.user_id
WHERE i.id = @id
