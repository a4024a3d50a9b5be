-- name: expressions
-- kind: many
-- purpose: the expressions that indexes are made over, of tables with policies
-- shape: schema, table, the expressions of one index, with commas between
-- index: none; one pass over the catalogue
SELECT n.nspname, c.relname, pg_catalog.pg_get_expr(i.indexprs, i.indrelid)
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE i.indexprs IS NOT NULL AND c.relrowsecurity
ORDER BY n.nspname, c.relname, i.indexrelid
