-- name: table_facts
-- kind: maybe
-- purpose: what a backfill has to know of a table
-- shape: schema, bare name, oid, kind (r: a plain table), is it part of a partitioned or inherited one, rows as last estimated, columns of
--   the primary key in its order, their types, does row security keep rows from the role that runs this
-- index: pg_class_oid_index, pg_index_indrelid_index, pg_policy_polrelid_polname_index
SELECT
    n.nspname::text,
    c.relname::text,
    c.oid,
    c.relkind,
    c.relispartition OR EXISTS (
        SELECT FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent)
    ),
    greatest(c.reltuples, 0)::bigint,
    coalesce(k.names, '{}'),
    coalesce(k.types, '{}'),
    pg_catalog.row_security_active(c.oid)
    AND NOT (
        EXISTS (
            SELECT FROM pg_catalog.pg_policy AS p
            WHERE
                p.polrelid = c.oid
                AND p.polpermissive
                AND p.polcmd = '*'
                AND p.polroles && ARRAY[0::oid, pg_catalog.to_regrole(current_user)::oid]
                AND pg_catalog.pg_get_expr(p.polqual, c.oid) = 'true'
                AND coalesce(pg_catalog.pg_get_expr(p.polwithcheck, c.oid), 'true') = 'true'
        )
        AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_policy AS p
            WHERE
                p.polrelid = c.oid
                AND NOT p.polpermissive
                AND p.polroles && ARRAY[0::oid, pg_catalog.to_regrole(current_user)::oid]
        )
    )
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
    SELECT
        array_agg(a.attname::text ORDER BY m.place) AS names,
        array_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) ORDER BY m.place) AS types
    FROM pg_catalog.pg_index AS i
    CROSS JOIN LATERAL unnest(i.indkey::int2 []) WITH ORDINALITY AS m (attnum, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = m.attnum
    WHERE i.indrelid = c.oid AND i.indisprimary AND m.place <= i.indnkeyatts
) AS k ON true
WHERE c.oid = pg_catalog.to_regclass(%(table)s)
