-- name: default_grants
-- kind: many
-- purpose: what the given roles grant by default on objects they make, per schema ('' is every schema), to one of the
--   given roles or PUBLIC. Where a role has no entry for functions, the built-in EXECUTE for PUBLIC is given.
-- shape: owner, schema, object type (r, S, f, …), privilege, grantee
-- index: pg_default_acl_role_nsp_obj_index
WITH owner AS (
    SELECT r.oid, r.rolname FROM pg_catalog.pg_roles r WHERE r.rolname = ANY (%(owners)s)
), entry AS (
    SELECT d.defaclrole AS role, d.defaclnamespace AS namespace, d.defaclobjtype::text AS type, d.defaclacl AS acl
    FROM pg_catalog.pg_default_acl d
    WHERE d.defaclrole IN (SELECT owner.oid FROM owner)
    UNION ALL
    SELECT owner.oid, 0, 'f', pg_catalog.acldefault('f', owner.oid)
    FROM owner
    WHERE NOT EXISTS (
        SELECT FROM pg_catalog.pg_default_acl d
        WHERE d.defaclrole = owner.oid AND d.defaclnamespace = 0 AND d.defaclobjtype = 'f'
    )
)
SELECT owner.rolname, coalesce(n.nspname, ''), entry.type, acl.privilege_type, coalesce(r.rolname, 'PUBLIC')
FROM entry
JOIN owner ON owner.oid = entry.role
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = entry.namespace
CROSS JOIN LATERAL pg_catalog.aclexplode(entry.acl) acl
LEFT JOIN pg_catalog.pg_roles r ON r.oid = acl.grantee
WHERE acl.grantee <> entry.role AND (acl.grantee = 0 OR r.rolname = ANY (%(roles)s))
