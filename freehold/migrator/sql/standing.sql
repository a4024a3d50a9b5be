-- name: standing
-- kind: many
-- purpose: what has the name that an index of a table is to get, in the schema where it would be; without a name, each index
--   of that table
-- shape: qualified name, its schema, is it an index of that table, its definition or else what it is, is it valid, was it made by this
--   role since and is no other session at work on it
-- index: pg_class_oid_index, pg_class_relname_nsp_index, pg_index_indrelid_index
SELECT
    pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
    pg_catalog.quote_ident(n.nspname),
    i.indrelid IS NOT DISTINCT FROM t.oid,
    coalesce(pg_catalog.pg_get_indexdef(i.indexrelid), (pg_catalog.pg_identify_object(
        'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 0)).type),
    coalesce(i.indisvalid, true),
    pg_catalog.pg_get_userbyid(c.relowner) = current_user
        AND pg_catalog.age(c.xmin) <= pg_catalog.age(%(since)s::text::xid8::xid)
        AND NOT EXISTS (
            SELECT
            FROM pg_catalog.pg_locks AS l
            JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
            WHERE l.relation IN (c.oid, i.indrelid) AND l.mode = 'ShareUpdateExclusiveLock'
                AND l.pid <> pg_catalog.pg_backend_pid() AND a.usesysid IS NOT NULL -- autovacuum is nobody
        )
FROM pg_catalog.pg_class AS t
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE t.oid = pg_catalog.to_regclass(%(table)s)
    AND (c.relname = %(name)s OR (%(name)s = '' AND i.indrelid = t.oid))
