-- name: find_table
-- kind: one
-- purpose: the schema in which the search path finds a table, and its name; the schema in which it would be made, and null,
--          where there is none
-- index: pg_class_oid_index
SELECT coalesce(n.nspname, pg_catalog.current_schema()), c.relname
FROM (SELECT pg_catalog.to_regclass(%(table)s) AS oid) AS found
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = found.oid
LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
