-- name: list_kept_constraints
-- kind: many
-- purpose: of the asked tables, unique, CHECK, exclusion and foreign key constraints, the newest first: schema, table,
--          name, kind, columns, schema and table that a foreign key points at
-- index: pg_namespace_nspname_index, pg_class_relname_nsp_index, pg_constraint_conrelid_contypid_conname_index
SELECT
    n.nspname,
    c.relname,
    k.conname,
    k.contype,
    ARRAY(
        SELECT a.attname
        FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS key (number, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = key.number
        ORDER BY key.place
    ),
    rn.nspname,
    r.relname
FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::text[]), pg_catalog.unnest(%(tables)s::text[])) AS asked (nspname, relname)
JOIN pg_catalog.pg_namespace AS n ON n.nspname = asked.nspname
JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = asked.relname
JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype IN ('c', 'f', 'u', 'x')
LEFT JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
ORDER BY n.nspname, c.relname, k.oid DESC
