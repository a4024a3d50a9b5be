-- name: reindexed
-- kind: many
-- purpose: the invalid indexes that REINDEX CONCURRENTLY left since, by their names (manual, REINDEX, Rebuilding Indexes
--   Concurrently): those of one table or index, its partitions and TOAST tables; without a target, wherever they lie. Only
--   who may use the schema pg_toast may drop what lies there, and owners may not
-- shape: qualified name
-- index: pg_index_indrelid_index where there is a target; else one pass over pg_index
WITH target AS (
    SELECT pg_catalog.to_regclass(%(target)s)::oid AS relid
    UNION ALL SELECT relid::oid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(%(target)s))
), tables AS (
    SELECT t.oid, t.reltoastrelid
    FROM target
    LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = target.relid
    JOIN pg_catalog.pg_class AS t ON t.oid = coalesce(i.indrelid, target.relid)
)
SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid
    AND c.relname ~ '_cc(new|old)[0-9]*$'
    AND pg_catalog.pg_get_userbyid(c.relowner) = current_user
    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    AND pg_catalog.age(c.xmin) <= pg_catalog.age(%(since)s::text::xid8::xid)
    AND (%(target)s IS NULL OR i.indrelid IN (SELECT oid FROM tables UNION SELECT reltoastrelid FROM tables))
    AND NOT EXISTS (
        SELECT
        FROM pg_catalog.pg_locks AS l
        WHERE l.relation = c.oid AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()
    )
ORDER BY 1
