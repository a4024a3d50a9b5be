-- name: shared
-- kind: many
-- purpose: the columns and functions that contracts share of an owner's schemas, with their types; one row more says from
--   which transaction on whatever is written comes later
-- shape: kind (since, column, function), name, value
-- index: pg_class_relname_nsp_index, pg_attribute_relid_attnum_index, pg_proc_proname_args_nsp_index
SELECT 'since', '', pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text
UNION ALL
SELECT 'column', entry.place || ' (' || a.attname || ')', pg_catalog.format_type(a.atttypid, a.atttypmod)
FROM ROWS FROM (pg_catalog.unnest(%(places)s::text[]), pg_catalog.unnest(%(quoted)s::text[]),
    pg_catalog.unnest(%(columns)s::text[])) AS entry (place, quoted, "column")
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = pg_catalog.to_regclass(entry.quoted) AND a.attname = entry."column"
WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'function', n.nspname || '.' || p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')',
    pg_catalog.pg_get_function_result(p.oid)
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = ANY (%(own)s) AND p.proname = ANY (%(functions)s::text[])
