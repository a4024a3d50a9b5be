-- name: list_sequences
-- kind: many
-- purpose: the sequences that columns of a table own
-- index: pg_class_relname_nsp_index, pg_depend_reference_index
SELECT s.relname
FROM pg_catalog.pg_depend AS d
JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE
    d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND n.nspname = %(schema)s
    AND c.relname = %(name)s
ORDER BY s.relname
