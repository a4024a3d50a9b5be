-- name: list_taken_names
-- kind: many
-- purpose: the names that a table, an index or a sequence can't have in a schema any more, those of types included
-- index: none; one pass over pg_class and pg_type
SELECT c.relname
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s
UNION
SELECT t.typname
FROM pg_catalog.pg_type AS t
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
WHERE n.nspname = %(schema)s
