-- name: invalid_indexes
-- kind: many
-- purpose: indexes that a CREATE INDEX CONCURRENTLY left behind when it failed: written to, never read
-- shape: schema.index, schema.table, schema.index in quotes
-- index: none; one pass over pg_index
SELECT
    pg_catalog.format('%%s.%%s', n.nspname, x.relname), pg_catalog.format('%%s.%%s', n.nspname, c.relname),
    pg_catalog.format('%%I.%%I', n.nspname, x.relname)
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND x.relkind = 'i' AND n.nspname = ANY (%(schemas)s)
