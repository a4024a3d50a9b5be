-- name: policies
-- kind: many
-- purpose: every row-level policy of the given schemas, with the columns it looks at (and whether an index begins with
--   each) and the volatile functions it calls
-- shape: schema, table, the table's owner, policy, command (ALL, SELECT, …), roles (PUBLIC is one), permissive, USING, WITH
--   CHECK ('' where there is none), columns as [own table?, schema, table, column, indexed?], volatile functions
-- index: pg_policy_polrelid_polname_index, pg_depend_depender_index
SELECT
    n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), p.polname,
    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
        ELSE 'ALL' END,
    ARRAY(
        SELECT CASE u.role WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(u.role)::text END
        FROM pg_catalog.unnest(p.polroles) AS u (role) ORDER BY 1
    ),
    p.polpermissive,
    coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), ''),
    coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), ''),
    (
        SELECT coalesce(pg_catalog.jsonb_agg(DISTINCT pg_catalog.jsonb_build_array(
            t.oid = p.polrelid, s.nspname, t.relname, a.attname, EXISTS (
                SELECT FROM pg_catalog.pg_index AS i
                WHERE i.indrelid = t.oid AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = a.attnum
            )
        )), '[]')::text
        FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid
        JOIN pg_catalog.pg_namespace AS s ON s.oid = t.relnamespace
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = p.oid
            AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND t.relkind IN ('r', 'p')
    ),
    ARRAY(
        SELECT DISTINCT f.oid::regprocedure::text
        FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_proc AS f ON f.oid = d.refobjid
        WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = p.oid
            AND d.refclassid = 'pg_catalog.pg_proc'::regclass AND f.provolatile = 'v'
        ORDER BY 1
    )
FROM pg_catalog.pg_policy AS p
JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = ANY (%(schemas)s)
ORDER BY 1, 2, 4
