-- name: hidden_rows
-- kind: one
-- purpose: whether row-level security hides rows of a table from who asks, unless a policy lets everything through; and a
--   lock_timeout for what the transaction asks next
-- shape: hidden (bool)
-- index: pg_class_relname_nsp_index, pg_policy_polrelid_polname_index
SELECT
    pg_catalog.set_config('lock_timeout', %(lock_timeout)s, true) IS NOT NULL
    AND pg_catalog.row_security_active(asked.oid)
    AND NOT (
        coalesce(pg_catalog.bool_or(p.polpermissive AND pg_catalog.pg_get_expr(p.polqual, p.polrelid) = 'true'), false)
        AND pg_catalog.bool_and(p.polpermissive)
    )
FROM (SELECT pg_catalog.to_regclass(%(table)s)::oid AS oid) AS asked
LEFT JOIN pg_catalog.pg_policy AS p ON p.polrelid = asked.oid AND p.polcmd IN ('*', 'r')
    AND (p.polroles = '{0}' OR p.polroles && ARRAY(SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user))
GROUP BY asked.oid
