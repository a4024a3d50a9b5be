-- name: list_relations
-- kind: many
-- purpose: a table's foreign keys within its schema and into known ones: column, schema, table, column, ON DELETE, to itself
-- index: pg_class_relname_nsp_index, pg_constraint_conrelid_contypid_conname_index
SELECT a.attname, rn.nspname, r.relname, ra.attname, k.confdeltype, r.oid = c.oid
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'f'
JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid
JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
JOIN pg_catalog.pg_attribute AS ra ON ra.attrelid = r.oid AND ra.attnum = k.confkey[1]
WHERE
    c.relname = %(table)s
    AND CASE WHEN %(schema)s = '' THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = %(schema)s END
    AND (r.relnamespace = c.relnamespace OR rn.nspname = ANY (%(schemas)s))
ORDER BY a.attnum
