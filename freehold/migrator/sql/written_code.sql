-- name: written_code
-- kind: one
-- purpose: whether anything was written in the given spans of transactions that makes whoever uses a table run a function, or such a
--   function; and whether a foreign key was, or what keeps NULL out of one's columns
-- shape: a boolean for each
-- index: none; one pass over the catalogues that hold such code
-- What a savepoint wrote has a number beyond its transaction's, and so an age below 0.
WITH span AS MATERIALIZED (
    SELECT pg_catalog.age(entry.first::xid8::xid) AS most, coalesce(pg_catalog.age(entry.next::xid8::xid), -2147483648) AS least
    FROM ROWS FROM (pg_catalog.unnest(%(firsts)s::text[]), pg_catalog.unnest(%(nexts)s::text[])) AS entry (first, next)
)
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
    WHERE EXISTS (SELECT FROM span WHERE pg_catalog.age(code.xmin) > least AND pg_catalog.age(code.xmin) <= most)
), EXISTS (
    SELECT
    FROM pg_catalog.pg_constraint AS k
    WHERE k.contype = 'f' AND (
        EXISTS (SELECT FROM span WHERE pg_catalog.age(k.xmin) > least AND pg_catalog.age(k.xmin) <= most) OR EXISTS (
        SELECT
        FROM pg_catalog.pg_attribute AS a
        WHERE k.confdeltype IN ('n', 'd') AND a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attnotnull
            AND EXISTS (SELECT FROM span WHERE pg_catalog.age(a.xmin) > least AND pg_catalog.age(a.xmin) <= most)
    ))
)
