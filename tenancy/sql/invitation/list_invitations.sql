-- name: list_invitations
-- kind: many
-- purpose: invitations that whoever asks may see, without what accepts one, a page of them
-- type: role = Literal["owner", "admin", "member", "viewer"]
-- sort: newest = i.created_at DESC, i.id DESC
-- page: 50 200
-- index: invitations_tenant_idx, invitations_created_at_idx
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
WHERE true
-- if: tenant_id
    AND i.tenant_id = @tenant_id
-- end
-- after
