-- name: row_security
-- kind: many
-- purpose: tables of the given schemas that have row-level security or a policy
-- shape: schema.table, enabled, forced, policies, permissive policies, schema.table in quotes
-- index: pg_policy_polrelid_polname_index
SELECT
    pg_catalog.format('%%s.%%s', n.nspname, c.relname), c.relrowsecurity, c.relforcerowsecurity,
    pg_catalog.count(p.oid), pg_catalog.count(p.oid) FILTER (WHERE p.polpermissive),
    pg_catalog.format('%%I.%%I', n.nspname, c.relname)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_policy AS p ON p.polrelid = c.oid
WHERE n.nspname = ANY (%(schemas)s) AND c.relkind IN ('r', 'p') AND (c.relrowsecurity OR p.oid IS NOT NULL)
GROUP BY n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity
