-- name: crossing_types
-- kind: many
-- purpose: columns of tables and of composite types whose type, or whose type's elements, lie in another schema; types of
--   extensions are left out
-- shape: schema, table, column, schema of the type, type
-- index: pg_class_relname_nsp_index, pg_attribute_relid_attnum_index
SELECT n.nspname, c.relname, a.attname, m.nspname, t.typname
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384
JOIN pg_catalog.pg_type AS s ON s.oid = a.atttypid
LEFT JOIN pg_catalog.pg_range AS r ON r.rngmultitypid = s.oid
JOIN pg_catalog.pg_type AS t ON t.oid = coalesce(r.rngtypid, nullif(s.typelem, 0), s.oid)
JOIN pg_catalog.pg_namespace AS m ON m.oid = t.typnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'c') AND n.nspname = ANY (%(schemas)s) AND m.nspname = ANY (%(schemas)s) AND m.oid <> n.oid
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
    )
ORDER BY 1, 2, 3
