-- name: list_sequences
-- kind: many
-- purpose: the sequences that a table's columns own, serial and identity: schema, name, column
-- index: pg_class_relname_nsp_index, pg_depend_reference_index
SELECT sn.nspname, s.relname, a.attname
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_depend AS d
    ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.refobjid = c.oid
    AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE
    c.relname = %(table)s
    AND CASE WHEN %(schema)s = '' THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = %(schema)s END
ORDER BY a.attnum
