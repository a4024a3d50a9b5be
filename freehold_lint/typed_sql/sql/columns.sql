-- name: columns
-- kind: many
-- purpose: each column of each table and view that is not PostgreSQL's own
-- shape: number of the table, schema, table, column, its place, whether it may be NULL, whether it has a default, type,
--   whether policies stand on the table
-- index: none; one pass over the catalogue
SELECT c.oid, n.nspname, c.relname, a.attname, a.attnum,
    NOT (
        a.attnotnull AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_constraint AS k
            WHERE k.conrelid = c.oid AND k.contype = 'n' AND NOT k.convalidated AND a.attnum = ANY (k.conkey)
        )
        OR EXISTS (SELECT FROM pg_catalog.pg_type AS t WHERE t.oid = a.atttypid AND t.typnotnull)
    ),
    a.atthasdef OR a.attidentity <> '', a.atttypid, c.relrowsecurity
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname, a.attnum
