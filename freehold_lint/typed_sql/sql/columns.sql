-- name: columns
-- kind: many
-- purpose: each column of each table and view that is not PostgreSQL's own
-- shape: number of the table, schema, table, column, its place, whether NULL may be in it, whether it may be put
--   there, whether it has a default, type, whether policies stand on the table
-- index: none; one pass over the catalogue
WITH RECURSIVE heirs AS (
    SELECT h.inhparent AS parent, h.inhrelid AS heir
    FROM pg_catalog.pg_inherits AS h
    UNION
    SELECT e.parent, h.inhrelid
    FROM heirs AS e
    JOIN pg_catalog.pg_inherits AS h ON h.inhparent = e.heir
)
SELECT c.oid, n.nspname, c.relname, a.attname, a.attnum,
    -- NOT NULL that is not validated, or not inherited, or of a server elsewhere, is true of new rows alone; that of a
    -- domain is not asked of the NULL of an empty subquery.
    NOT a.attnotnull OR c.relkind = 'f' OR EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS k
        WHERE k.conrelid = c.oid AND k.contype = 'n' AND NOT k.convalidated AND a.attnum = ANY (k.conkey)
    ) OR EXISTS (
        SELECT FROM heirs AS e
        JOIN pg_catalog.pg_attribute AS b ON b.attrelid = e.heir AND b.attname = a.attname
        WHERE e.parent = c.oid AND NOT b.attnotnull
    ),
    NOT a.attnotnull AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS t WHERE t.oid = a.atttypid AND t.typnotnull),
    a.atthasdef OR a.attidentity <> '', a.atttypid, c.relrowsecurity
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname, a.attnum
