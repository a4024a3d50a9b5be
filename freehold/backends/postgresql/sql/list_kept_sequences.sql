-- name: list_kept_sequences
-- kind: many
-- purpose: of the asked tables, the sequences that columns own: schema, table, column, schema and name of the sequence,
--          its type, the column's type, whether the column is an identity
-- index: pg_namespace_nspname_index, pg_class_relname_nsp_index, pg_depend_reference_index
SELECT
    n.nspname,
    c.relname,
    a.attname,
    sn.nspname,
    s.relname,
    pg_catalog.format_type(q.seqtypid, NULL),
    pg_catalog.format_type(a.atttypid, NULL),
    a.attidentity <> ''
FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::text[]), pg_catalog.unnest(%(tables)s::text[])) AS asked (nspname, relname)
JOIN pg_catalog.pg_namespace AS n ON n.nspname = asked.nspname
JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = asked.relname
JOIN pg_catalog.pg_depend AS d
    ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.refobjid = c.oid
    AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
JOIN pg_catalog.pg_sequence AS q ON q.seqrelid = d.objid
JOIN pg_catalog.pg_class AS s ON s.oid = q.seqrelid
JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
ORDER BY n.nspname, c.relname, a.attname
