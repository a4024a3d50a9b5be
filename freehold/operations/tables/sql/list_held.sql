-- name: list_held
-- kind: many
-- purpose: what others than its owner hold on a table that makes sense on a view of it too: privilege, grantee (empty:
--          everyone), column (empty: the whole table)
-- index: pg_class_relname_nsp_index, pg_attribute_relid_attnum_index
SELECT held.privilege_type, coalesce(r.rolname, ''), ''
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS held
LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = held.grantee
WHERE n.nspname = %(schema)s AND c.relname = %(name)s AND held.grantee <> c.relowner
    AND held.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
UNION ALL
SELECT held.privilege_type, coalesce(r.rolname, ''), a.attname
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) AS held
LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = held.grantee
WHERE n.nspname = %(schema)s AND c.relname = %(name)s AND held.grantee <> c.relowner
    AND held.privilege_type IN ('SELECT', 'INSERT', 'UPDATE')
ORDER BY 2, 1, 3
