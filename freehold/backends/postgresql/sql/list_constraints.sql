-- name: list_constraints
-- kind: many
-- purpose: a table's constraints but NOT NULL (rows of their own since PostgreSQL 18): name, columns in order, kind,
--          schema, table and column a foreign key points at, storage options of the table
-- index: pg_class_relname_nsp_index, pg_constraint_conrelid_contypid_conname_index
SELECT
    k.conname,
    ARRAY(
        SELECT a.attname
        FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS key (number, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = key.number
        ORDER BY key.place
    ),
    k.contype,
    rn.nspname,
    r.relname,
    ra.attname,
    c.reloptions
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype <> 'n'
LEFT JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid AND k.contype = 'f'
LEFT JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_attribute AS ra ON ra.attrelid = r.oid AND ra.attnum = k.confkey[1]
WHERE
    c.relname = %(table)s
    AND CASE WHEN %(schema)s = '' THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = %(schema)s END
ORDER BY k.conname
