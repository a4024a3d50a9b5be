-- name: choices
-- kind: many
-- purpose: the check constraints of one column each, which may say the values that it takes
-- shape: schema, table, column, expression; of what was not validated nothing
-- index: none; one pass over the catalogue
SELECT n.nspname, c.relname, a.attname, pg_catalog.pg_get_expr(k.conbin, k.conrelid)
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
WHERE k.contype = 'c' AND k.convalidated AND pg_catalog.cardinality(k.conkey) = 1
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname, a.attname, k.conname
