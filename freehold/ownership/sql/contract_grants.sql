-- name: contract_grants
-- kind: many
-- purpose: the given schemas, the columns of the given tables in them and the functions of the given names, each once,
--   and every privilege that one of the given roles holds on it by a grant. The roles exist.
-- shape: kind, schema, name, column, owner, privilege, grantee; an object without a grant has nulls in the last two
-- index: pg_class_relname_nsp_index, pg_attribute_relid_attnum_index, pg_proc_proname_args_nsp_index
SELECT object.kind, object.schema, object.name, object."column", pg_catalog.pg_get_userbyid(object.owner),
    held.privilege_type, pg_catalog.pg_get_userbyid(held.grantee)
FROM (
    SELECT 'schema' AS kind, n.nspname AS schema, '' AS name, '' AS "column", n.nspowner AS owner, n.nspacl AS acl
    FROM pg_catalog.pg_namespace n
    WHERE n.nspname = ANY (%(schemas)s)
    UNION ALL
    SELECT 'column', n.nspname, c.relname, a.attname, c.relowner, a.attacl
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = ANY (%(schemas)s) AND c.relname = ANY (%(tables)s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT 'function', n.nspname, p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')', '', p.proowner,
        p.proacl
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = ANY (%(schemas)s) AND p.proname = ANY (%(functions)s)
) object
LEFT JOIN LATERAL (
    SELECT acl.privilege_type, acl.grantee
    FROM pg_catalog.aclexplode(object.acl) acl
    WHERE acl.grantee = ANY (%(roles)s::regrole[]) AND acl.grantee <> object.owner
) held ON true
