-- name: contract_grants
-- kind: many
-- purpose: the given schemas, the columns of the given tables in them and the functions of the given names, each once,
--   with its list of rights
-- shape: kind, schema, name, column, owner, acl (a line each; null where it was never written)
-- index: pg_class_relname_nsp_index, pg_attribute_relid_attnum_index, pg_proc_proname_args_nsp_index
-- The first name says that it is a text, as in catalogue.sql.
SELECT 'schema', n.nspname, ''::text, '', pg_catalog.pg_get_userbyid(n.nspowner), pg_catalog.array_to_string(n.nspacl, E'\n')
FROM pg_catalog.pg_namespace n
WHERE n.nspname = ANY (%(schemas)s)
UNION ALL
SELECT 'column', n.nspname, c.relname, a.attname, pg_catalog.pg_get_userbyid(c.relowner),
    pg_catalog.array_to_string(a.attacl, E'\n')
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = ANY (%(schemas)s) AND c.relname = ANY (%(tables)s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL
SELECT 'function', n.nspname, p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')', '',
    pg_catalog.pg_get_userbyid(p.proowner), pg_catalog.array_to_string(p.proacl, E'\n')
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = ANY (%(schemas)s) AND p.proname = ANY (%(functions)s)
