-- name: column_policies
-- kind: many
-- purpose: the policies that name a column, of its own table and of others
-- shape: policy, table as SQL, USING, WITH CHECK (each NULL where there is none)
-- index: pg_depend_reference_index, pg_policy_oid_index
SELECT
    p.polname::text,
    p.polrelid::pg_catalog.regclass::text,
    pg_catalog.pg_get_expr(p.polqual, p.polrelid),
    pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_catalog.pg_policy AS p
WHERE EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE
        d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refobjid = %(table)s
        AND d.refobjsubid = %(attnum)s
        AND d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass
        AND d.objid = p.oid
)
ORDER BY 2, 1
