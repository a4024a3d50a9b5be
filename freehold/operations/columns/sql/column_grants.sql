-- name: column_grants
-- kind: many
-- purpose: what is granted on a column alone
-- shape: privilege, grantee as SQL, may it be passed on
-- index: pg_attribute_relid_attnum_index
SELECT x.privilege_type, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::pg_catalog.regrole::text END, x.is_grantable
FROM pg_catalog.pg_attribute AS a
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) AS x
WHERE a.attrelid = %(table)s AND a.attnum = %(attnum)s AND x.grantee <> x.grantor
ORDER BY 2, 1
