-- name: schemas
-- kind: many
-- purpose: the given schemas that exist
-- shape: name, owner, comment ('' where there is none)
-- index: pg_namespace_nspname_index
SELECT n.nspname, pg_catalog.pg_get_userbyid(n.nspowner), coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '')
FROM pg_catalog.pg_namespace n
WHERE n.nspname = ANY (%(schemas)s)
