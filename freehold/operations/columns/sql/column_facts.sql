-- name: column_facts
-- kind: maybe
-- purpose: what a column is, so that another one can be made like it
-- shape: attnum, type, collation where it is not the type's own, is it NOT NULL, default as SQL, is it counted
--   (identity, generated, or owner of a sequence), is it in the primary key, which foreign keys point at it, comment
-- index: pg_attribute_relid_attnam_index, pg_attrdef_adrelid_adnum_index, pg_depend_reference_index
SELECT
    a.attnum,
    pg_catalog.format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::pg_catalog.regcollation::text ELSE '' END,
    a.attnotnull,
    CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
    a.attidentity <> '' OR a.attgenerated <> '' OR EXISTS (
        SELECT FROM pg_catalog.pg_depend AS s
        JOIN pg_catalog.pg_class AS c ON c.oid = s.objid AND c.relkind = 'S'
        WHERE
            s.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND s.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND s.refobjid = a.attrelid
            AND s.refobjsubid = a.attnum
    ),
    EXISTS (
        SELECT FROM pg_catalog.pg_index AS i
        WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey::int2 [])
    ),
    coalesce((
        SELECT array_agg(r.conname || ' of ' || r.conrelid::pg_catalog.regclass ORDER BY r.conname)
        FROM pg_catalog.pg_constraint AS r
        WHERE r.contype = 'f' AND r.confrelid = a.attrelid AND a.attnum = ANY (r.confkey)
    ), '{}'),
    pg_catalog.col_description(a.attrelid, a.attnum)
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = %(table)s AND a.attname = %(column)s AND NOT a.attisdropped
