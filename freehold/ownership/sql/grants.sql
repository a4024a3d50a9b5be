-- name: grants
-- kind: many
-- purpose: every object of the given schemas, once, and every privilege that one of the given roles or PUBLIC holds on
--   it by a grant; what the object's owner holds by owning it is left out. Columns are left out too.
-- shape: kind, schema, name, column, owner, privilege, grantee; an object without a grant has nulls in the last two
-- index: pg_class_relname_nsp_index
WITH grantee AS (
    SELECT r.oid, r.rolname FROM pg_catalog.pg_roles r WHERE r.rolname = ANY (%(roles)s)
    UNION ALL
    SELECT 0, 'PUBLIC'
), namespace AS (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY (%(schemas)s)
), relation AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relacl
    FROM pg_catalog.pg_class c
    JOIN namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), object AS (
    SELECT 'database' AS kind, '' AS schema, d.datname AS name, '' AS "column", d.datdba AS owner,
        coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba)) AS acl
    FROM pg_catalog.pg_database d
    WHERE d.datname = pg_catalog.current_database()
    UNION ALL
    SELECT 'schema', n.nspname, '', '', n.nspowner, coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))
    FROM namespace n
    UNION ALL
    SELECT CASE relation.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, relation.nspname, relation.relname, '',
        relation.relowner, relation.relacl
    FROM relation
    UNION ALL
    SELECT 'function', n.nspname, p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')', '', p.proowner,
        coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))
    FROM pg_catalog.pg_proc p
    JOIN namespace n ON n.oid = p.pronamespace
)
SELECT object.kind, object.schema, object.name, object."column", pg_catalog.pg_get_userbyid(object.owner),
    held.privilege_type, held.rolname
FROM object
LEFT JOIN LATERAL (
    SELECT acl.privilege_type, grantee.rolname
    FROM pg_catalog.aclexplode(object.acl) acl
    JOIN grantee ON grantee.oid = acl.grantee
    WHERE acl.grantee <> object.owner
) held ON true
