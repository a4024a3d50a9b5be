-- name: column_objects
-- kind: many
-- purpose: the indexes and constraints that have to do with a column; its NOT NULL has its own way
-- shape: kind (index, or pg_constraint.contype), name, definition, definition of the index, is it valid, on how many columns
-- index: pg_depend_reference_index, pg_class_oid_index, pg_constraint_oid_index
SELECT
    'index' AS kind,
    c.relname::text AS name,
    '' AS definition,
    pg_catalog.pg_get_indexdef(c.oid) AS index_definition,
    i.indisvalid AS is_valid,
    0 AS width
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
WHERE
    i.indrelid = %(table)s
    AND EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE
            d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.refobjid = %(table)s
            AND d.refobjsubid = %(attnum)s
            AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid = c.oid
    )
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.conindid = c.oid AND k.conrelid = %(table)s
        AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT
    k.contype::text,
    k.conname::text,
    pg_catalog.pg_get_constraintdef(k.oid),
    CASE WHEN k.contype IN ('p', 'u', 'x') THEN pg_catalog.pg_get_indexdef(k.conindid) ELSE '' END,
    k.convalidated,
    cardinality(k.conkey)
FROM pg_catalog.pg_constraint AS k
WHERE
    k.conrelid = %(table)s
    AND k.contype IN ('c', 'f', 'p', 'u', 'x')
    AND EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE
            d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.refobjid = %(table)s
            AND d.refobjsubid = %(attnum)s
            AND d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
            AND d.objid = k.oid
    )
ORDER BY 1, 2
