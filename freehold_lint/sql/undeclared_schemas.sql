-- name: undeclared_schemas
-- kind: many
-- purpose: tables, views and sequences in schemas that the map does not have, counted by schema; temporary ones and those
--   of extensions are left out
-- shape: schema, how many, the first by name
-- index: none; one pass over pg_class
SELECT n.nspname, pg_catalog.count(*), min(c.relname::text)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT n.nspname = ANY (%(schemas)s)
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    )
GROUP BY n.nspname
