-- name: find_key
-- kind: maybe
-- purpose: the type of a table's column as SQL writes it, and the sequence that its values come from (null: none)
-- index: pg_class_relname_nsp_index, pg_attribute_relid_attnam_index
SELECT
    pg_catalog.format_type(a.atttypid, a.atttypmod),
    (
        SELECT pg_catalog.format('%%I.%%I', sn.nspname, s.relname)
        FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
        JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.relnamespace
        WHERE
            d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.refobjid = c.oid
            AND d.refobjsubid = a.attnum
    )
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
WHERE n.nspname = %(schema)s AND c.relname = %(name)s AND a.attname = %(column)s
