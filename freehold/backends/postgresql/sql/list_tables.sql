-- name: list_tables
-- kind: many
-- purpose: tables and views of the known schemas and of the search path: schema, name, kind, comment, visible by its bare name
-- index: none; one pass over pg_class
SELECT
    n.nspname,
    c.relname,
    CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END,
    pg_catalog.obj_description(c.oid, 'pg_class'),
    pg_catalog.pg_table_is_visible(c.oid)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE
    c.relkind IN ('f', 'm', 'p', 'r', 'v')
    AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
    AND (n.nspname = ANY (%(schemas)s) OR pg_catalog.pg_table_is_visible(c.oid))
