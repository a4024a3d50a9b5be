-- name: list_foreign_keys
-- kind: many
-- purpose: every foreign key that points at one of the tables, Django's or not, with the owner of the table it is in.
--   A key of several columns is given by the one that points at the primary key, if there is one.
-- parameters: tables, an array of "schema.table"
-- index: pg_constraint has none on confrelid; it is read once for each run
SELECT DISTINCT ON (c.oid)
    n.nspname || '.' || r.relname AS label,
    pg_catalog.format('%%I.%%I', n.nspname, r.relname) AS quoted,
    a.attname AS column_name,
    tn.nspname || '.' || t.relname AS target,
    ta.attname AS target_column,
    coalesce(ta.attnum = ANY (pk.conkey), false) AS is_primary_key,
    pg_catalog.pg_get_userbyid(r.relowner) AS owner
FROM pg_catalog.pg_constraint AS c
JOIN pg_catalog.pg_class AS r ON r.oid = c.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = r.relnamespace
JOIN pg_catalog.pg_class AS t ON t.oid = c.confrelid
JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
CROSS JOIN LATERAL ROWS FROM (
    pg_catalog.unnest(c.conkey), pg_catalog.unnest(c.confkey)
) AS k (attnum, target_attnum)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = k.attnum
JOIN pg_catalog.pg_attribute AS ta ON ta.attrelid = t.oid AND ta.attnum = k.target_attnum
LEFT JOIN pg_catalog.pg_constraint AS pk ON pk.conrelid = t.oid AND pk.contype = 'p'
WHERE c.contype = 'f'
    AND c.conparentid = 0
    AND tn.nspname || '.' || t.relname = ANY (%(tables)s)
ORDER BY c.oid, is_primary_key DESC, a.attnum;
