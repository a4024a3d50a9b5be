-- name: list_kept_indexes
-- kind: many
-- purpose: of the asked tables, the indexes that no constraint brought: schema, table, name, columns in order (null: an
--          expression), operator class of the first, unique
-- index: pg_namespace_nspname_index, pg_class_relname_nsp_index, pg_index_indrelid_index
SELECT
    n.nspname,
    c.relname,
    ic.relname,
    ARRAY(
        SELECT a.attname
        FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY AS key (number, place)
        LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = key.number
        ORDER BY key.place
    ),
    o.opcname,
    i.indisunique
FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::text[]), pg_catalog.unnest(%(tables)s::text[])) AS asked (nspname, relname)
JOIN pg_catalog.pg_namespace AS n ON n.nspname = asked.nspname
JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = asked.relname
JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid
JOIN pg_catalog.pg_class AS ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_opclass AS o ON o.oid = i.indclass[0]
WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS k WHERE k.conindid = ic.oid AND k.contype IN ('p', 'u', 'x'))
ORDER BY n.nspname, c.relname, ic.relname
