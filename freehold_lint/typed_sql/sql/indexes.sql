-- name: indexes
-- kind: many
-- purpose: each column that an index has, and whether it is a key by itself
-- shape: schema, table, column, whether a unique index without a condition is of this column alone, columns that it
--   only includes left aside
-- index: none; one pass over the catalogue
SELECT n.nspname, c.relname, a.attname,
    pg_catalog.bool_or(
        i.indisunique AND i.indisvalid AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum AND i.indpred IS NULL
    )
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
GROUP BY n.nspname, c.relname, a.attname
ORDER BY n.nspname, c.relname, a.attname
