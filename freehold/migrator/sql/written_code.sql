-- name: written_code
-- kind: one
-- purpose: whether anything was written since a transaction that makes whoever uses a table run a function, or such a
--   function; and whether a foreign key was, or what keeps NULL out of one's columns
-- shape: a boolean for each
-- index: none; one pass over the catalogues that hold such code
SELECT EXISTS (
    SELECT
    FROM (
        SELECT xmin FROM pg_catalog.pg_proc WHERE oid >= 16384
        UNION ALL SELECT xmin FROM pg_catalog.pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT xmin FROM pg_catalog.pg_attrdef
        UNION ALL SELECT xmin FROM pg_catalog.pg_constraint WHERE contype IN ('c', 'x')
        UNION ALL SELECT xmin FROM pg_catalog.pg_rewrite WHERE oid >= 16384
        UNION ALL SELECT xmin FROM pg_catalog.pg_policy
        UNION ALL SELECT xmin FROM pg_catalog.pg_index WHERE indexprs IS NOT NULL OR indpred IS NOT NULL
        UNION ALL SELECT xmin FROM pg_catalog.pg_partitioned_table
        UNION ALL SELECT xmin FROM pg_catalog.pg_type WHERE oid >= 16384 AND typtype IN ('d', 'r')
    ) AS code
    WHERE pg_catalog.age(code.xmin) <= pg_catalog.age(%(since)s::text::xid8::xid)
), EXISTS (
    SELECT
    FROM pg_catalog.pg_constraint AS k
    WHERE k.contype = 'f' AND (pg_catalog.age(k.xmin) <= pg_catalog.age(%(since)s::text::xid8::xid) OR EXISTS (
        SELECT
        FROM pg_catalog.pg_attribute AS a
        WHERE k.confdeltype IN ('n', 'd') AND a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attnotnull
            AND pg_catalog.age(a.xmin) <= pg_catalog.age(%(since)s::text::xid8::xid)
    ))
)
