-- name: crossing_foreign_keys
-- kind: many
-- purpose: foreign keys from one schema into another
-- shape: schema, table, constraint, schema it points at, table, columns
-- index: none; one pass over pg_constraint
SELECT n.nspname, c.relname, f.conname, m.nspname, t.relname, ARRAY(
    SELECT a.attname::text
    FROM pg_catalog.unnest(f.confkey) WITH ORDINALITY AS u (number, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.confrelid AND a.attnum = u.number
    ORDER BY u.place
)
FROM pg_catalog.pg_constraint AS f
JOIN pg_catalog.pg_class AS c ON c.oid = f.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class AS t ON t.oid = f.confrelid
JOIN pg_catalog.pg_namespace AS m ON m.oid = t.relnamespace
WHERE f.contype = 'f' AND f.conparentid = 0 AND c.relnamespace <> t.relnamespace AND n.nspname = ANY (%(schemas)s)
