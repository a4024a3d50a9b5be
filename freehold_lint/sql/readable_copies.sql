-- name: readable_copies
-- kind: many
-- purpose: materialized views and foreign tables, which know no policies, that a service or everyone may read
-- shape: schema.name, kind, role
-- index: pg_class_relname_nsp_index
SELECT
    pg_catalog.format('%%s.%%s', n.nspname, c.relname),
    CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END,
    CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(acl.grantee)::text END
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT DISTINCT x.grantee
    FROM (
        SELECT c.relacl AS list
        UNION ALL
        SELECT a.attacl FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL
    ) AS held
    CROSS JOIN LATERAL pg_catalog.aclexplode(held.list) AS x
    WHERE x.privilege_type = 'SELECT'
) AS acl
WHERE c.relkind IN ('m', 'f') AND n.nspname = ANY (%(schemas)s)
    AND (acl.grantee = 0 OR pg_catalog.pg_get_userbyid(acl.grantee) = ANY (%(logins)s))
