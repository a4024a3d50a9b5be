-- name: lock_holders
-- kind: many
-- purpose: which other sessions hold a lock on a table at the moment
-- shape: backend's pid, login, seconds since its transaction began
SELECT DISTINCT l.pid, coalesce(a.usename, 'someone'), coalesce(
    extract(EPOCH FROM pg_catalog.clock_timestamp() - a.xact_start), 0
)
FROM pg_catalog.pg_locks AS l
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
WHERE
    l.locktype = 'relation'
    AND l.granted
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
    AND l.relation = %(table)s::pg_catalog.regclass
    AND l.pid <> pg_catalog.pg_backend_pid()
ORDER BY l.pid
