-- name: trespasses
-- kind: many
-- purpose: what of others this transaction changed, wrote or read, and its role may not: by the rows of the catalogue that
--   it wrote, and by the locks that it holds. A foreign key locks the table that it points at, and carries deletes on;
--   a function of another owner's that runs with that one's rights reads and writes what is theirs. Tables that keys tie to
--   the owner's are compared with before, by sql/neighbours.sql, and `tied` here: making a key reads them. `engines` are
--   tables that the engine writes as their owner meanwhile, and moving a table takes a membership for a while. Outside a transaction there are no
--   locks.
-- shape: what was done, to what
-- index: those by oid, from 16384 on, the first number that PostgreSQL gives to others' objects; one pass over small catalogues
WITH since AS MATERIALIZED (
    SELECT pg_catalog.age(%(since)s::text::xid8::xid) AS age, %(since)s::text::bigint AS number
), foreign_namespace AS MATERIALIZED (
    SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace AS n WHERE n.nspname = ANY (%(foreign)s)
), lent AS MATERIALIZED (
    SELECT p.proowner, p.provolatile = 'v' AS writes
    FROM pg_catalog.pg_proc AS p
    JOIN foreign_namespace AS n ON n.oid = p.pronamespace
    WHERE p.oid >= 16384 AND p.prosecdef AND pg_catalog.has_function_privilege(%(owner)s, p.oid, 'EXECUTE')
), carried AS (
    WITH RECURSIVE own AS (
        SELECT c.oid FROM pg_catalog.pg_class AS c
        WHERE c.oid >= 16384 AND pg_catalog.pg_get_userbyid(c.relowner) = %(owner)s
    ), reached AS (
        SELECT k.conrelid AS oid
        FROM pg_catalog.pg_constraint AS k
        JOIN own ON own.oid = k.confrelid
        WHERE k.contype = 'f' AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd')) AND (
            pg_catalog.pg_stat_get_xact_tuples_deleted(own.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(own.oid) > 0
            OR pg_catalog.current_setting('track_counts') = 'off'
        )
        UNION
        SELECT k.conrelid
        FROM reached
        JOIN pg_catalog.pg_constraint AS k ON k.confrelid = reached.oid AND k.contype = 'f'
        WHERE k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd')
    )
    SELECT oid FROM reached
), locked AS MATERIALIZED (
    SELECT c.oid, c.relowner, c.relkind, n.nspname || '.' || c.relname AS name, l.mode
    FROM pg_catalog.pg_locks AS l
    JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
    JOIN foreign_namespace AS n ON n.oid = c.relnamespace
    WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND %(is_atomic)s AND NOT n.nspname || '.' || c.relname = ANY (%(engines)s)
        -- The engine reads the history, and what is applied, as the migrator before each migration.
        AND NOT (l.mode = 'AccessShareLock' AND n.nspname = 'public'
            AND c.relname IN ('migration_history', 'django_migrations'))
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
), written AS (
    SELECT 'changed' AS did, n.nspname || '.' || c.relname AS name, c.xmin
    FROM pg_catalog.pg_class AS c
    JOIN foreign_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND pg_catalog.age(c.xmin) <= (SELECT age FROM since) AND NOT n.nspname || '.' || c.relname = ANY (%(tied)s)
    UNION ALL
    SELECT 'changed', n.nspname || '.' || c.relname, a.xmin
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN foreign_namespace AS n ON n.oid = c.relnamespace
    WHERE a.attrelid >= 16384 AND a.attacl IS NOT NULL AND pg_catalog.age(a.xmin) <= (SELECT age FROM since)
        AND NOT n.nspname || '.' || c.relname = ANY (%(tied)s)
    UNION ALL
    SELECT 'changed', n.nspname || '.' || p.proname || '()', p.xmin
    FROM pg_catalog.pg_proc AS p
    JOIN foreign_namespace AS n ON n.oid = p.pronamespace
    WHERE p.oid >= 16384 AND pg_catalog.age(p.xmin) <= (SELECT age FROM since)
    UNION ALL
    SELECT 'changed', 'type ' || n.nspname || '.' || t.typname, t.xmin
    FROM pg_catalog.pg_type AS t
    JOIN foreign_namespace AS n ON n.oid = t.typnamespace
    WHERE t.oid >= 16384 AND pg_catalog.age(t.xmin) <= (SELECT age FROM since)
    UNION ALL
    SELECT 'changed', 'schema ' || n.nspname, n.xmin
    FROM pg_catalog.pg_namespace AS n
    WHERE pg_catalog.age(n.xmin) <= (SELECT age FROM since) AND NOT n.nspname = ANY (%(own)s)
        AND NOT n.nspname = ANY (%(moved)s)  -- to mirror a table its other owner enters there
        AND n.nspname !~ '^pg_(toast_)?temp_'
    UNION ALL
    SELECT 'changed', 'default privileges of ' || pg_catalog.pg_get_userbyid(d.defaclrole), d.xmin
    FROM pg_catalog.pg_default_acl AS d
    WHERE pg_catalog.age(d.xmin) <= (SELECT age FROM since)
        AND pg_catalog.pg_get_userbyid(d.defaclrole) <> %(owner)s
    UNION ALL
    SELECT 'changed', 'membership in ' || pg_catalog.pg_get_userbyid(m.roleid), m.xmin
    FROM pg_catalog.pg_auth_members AS m
    WHERE pg_catalog.age(m.xmin) <= (SELECT age FROM since) AND NOT %(is_moving)s AND %(is_atomic)s
    UNION ALL
    SELECT 'changed', 'settings of ' || pg_catalog.pg_get_userbyid(s.setrole), s.xmin
    FROM pg_catalog.pg_db_role_setting AS s  -- the whole server's, as memberships: outside a transaction others' too
    WHERE pg_catalog.age(s.xmin) <= (SELECT age FROM since) AND %(is_atomic)s
    UNION ALL
    SELECT 'made a function that sets its role:', p.oid::pg_catalog.regprocedure::text, p.xmin
    FROM pg_catalog.pg_proc AS p
    WHERE p.oid >= 16384 AND pg_catalog.age(p.xmin) <= (SELECT age FROM since) AND EXISTS (
        SELECT FROM pg_catalog.unnest(p.proconfig) AS entry WHERE entry ~* '^(role|session_authorization)='
    )
)
-- What another transaction committed meanwhile is not this one's.
SELECT did, name
FROM written
WHERE NOT %(is_atomic)s OR pg_catalog.pg_xact_status(((SELECT number FROM since)
    + ((xmin::text::bigint - (SELECT number FROM since)) & 4294967295))::text::xid8) = 'in progress'
UNION
SELECT 'changed', name
FROM locked
WHERE mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ExclusiveLock')
    OR mode IN ('ShareRowExclusiveLock', 'AccessExclusiveLock') AND NOT name = ANY (%(tied)s)
UNION
SELECT 'wrote', name
FROM locked
WHERE mode = 'RowExclusiveLock'
    AND oid NOT IN (SELECT oid FROM carried)
    AND relowner NOT IN (SELECT proowner FROM lent WHERE writes)
    AND NOT CASE relkind
        WHEN 'S' THEN pg_catalog.has_sequence_privilege(%(owner)s, oid, 'USAGE, UPDATE')
        ELSE pg_catalog.has_table_privilege(%(owner)s, oid, 'INSERT, UPDATE, DELETE')
    END
UNION
SELECT 'read', name
FROM locked
WHERE mode = 'AccessShareLock' AND relkind <> 'S' AND NOT name = ANY (%(tied)s)
    AND NOT pg_catalog.has_any_column_privilege(%(owner)s, oid, 'SELECT')
    AND relowner NOT IN (SELECT proowner FROM lent)
    AND NOT EXISTS (
        SELECT
        FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_rewrite AS w ON w.oid = d.objid
        WHERE d.refclassid = 1259 AND d.refobjid = locked.oid AND d.classid = 2618 AND w.ev_class <> locked.oid
            AND pg_catalog.has_any_column_privilege(%(owner)s, w.ev_class, 'SELECT')
    )
UNION
SELECT 'changed', 'a role'
FROM pg_catalog.pg_locks AS l
WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.mode = 'RowExclusiveLock'
    AND l.relation IN (1260, 1261) AND l.database = 0 AND %(is_atomic)s AND NOT %(is_moving)s
ORDER BY 1, 2
