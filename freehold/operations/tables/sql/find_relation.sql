-- name: find_relation
-- kind: maybe
-- purpose: a table or view by schema and name: its kind (pg_class.relkind) and its owner
-- index: pg_class_relname_nsp_index
SELECT c.relkind::text, pg_catalog.pg_get_userbyid(c.relowner)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = %(name)s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
