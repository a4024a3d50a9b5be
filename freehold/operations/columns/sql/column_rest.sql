-- name: column_rest
-- kind: many
-- purpose: what else needs a column and is neither index, constraint, default nor policy: views, triggers, generated
--   columns, statistics, publications. It has to be changed by hand before the column goes.
-- shape: what it is, in PostgreSQL's words
-- index: pg_depend_reference_index
SELECT DISTINCT
    CASE
        WHEN d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
            THEN (
                SELECT 'view ' || w.ev_class::pg_catalog.regclass FROM pg_catalog.pg_rewrite AS w WHERE w.oid = d.objid
            )
        ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
    END
FROM pg_catalog.pg_depend AS d
WHERE
    d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.refobjid = %(table)s
    AND d.refobjsubid = %(attnum)s
    AND d.classid NOT IN (
        'pg_catalog.pg_constraint'::pg_catalog.regclass,
        'pg_catalog.pg_policy'::pg_catalog.regclass
    )
    AND NOT (
        d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indexrelid = d.objid)
    )
    AND NOT (
        d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        AND EXISTS (
            SELECT FROM pg_catalog.pg_attrdef AS f
            WHERE f.oid = d.objid AND f.adrelid = %(table)s AND f.adnum = %(attnum)s
        )
    )
ORDER BY 1
