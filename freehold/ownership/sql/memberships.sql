-- name: memberships
-- kind: many
-- purpose: which of the given members belong to which of the given roles, and how. PostgreSQL 16 keeps INHERIT and SET
--   for each grant; before, the member's own INHERIT decided and SET ROLE was always allowed. The row is read as JSON
--   since 15 has no such columns to name.
-- shape: role, member, inherits, may SET ROLE
-- index: pg_auth_members_member_role_index
SELECT r.rolname, m.rolname,
    bool_or(coalesce((pg_catalog.to_jsonb(a) ->> 'inherit_option')::boolean, m.rolinherit)),
    bool_or(coalesce((pg_catalog.to_jsonb(a) ->> 'set_option')::boolean, true))
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
JOIN pg_catalog.pg_roles m ON m.oid = a.member
WHERE r.rolname = ANY (%(roles)s) AND m.rolname = ANY (%(members)s)
GROUP BY 1, 2
