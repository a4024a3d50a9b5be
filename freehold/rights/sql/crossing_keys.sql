-- name: crossing_keys
-- kind: many
-- purpose: foreign keys from tables of one owner to those of another, in whatever schema they lie, with what happens to them
--   when a row that they point at is deleted; and keys that hold up such a delete further on, since they point at rows that
--   go with it. Keys that are NOT ENFORCED (from PostgreSQL 18 on) have no triggers and do nothing. A key of a partitioned
--   table stands for those of its partitions.
-- shape: schema.table (key), its ON DELETE, what it points at, the schema and the table whose rows are deleted, who owns the
--   table of the key that points there, whether it is this key, whether it would write NULL where none may stand, whether a
--   transaction in one of the given spans wrote any of this
-- index: pg_trigger_tgconstraint_index; one pass over pg_constraint
-- What a savepoint wrote has a number beyond its transaction's, and so an age below 0.
WITH RECURSIVE span AS MATERIALIZED (
    SELECT pg_catalog.age(entry.first::xid8::xid) AS most, coalesce(pg_catalog.age(entry.next::xid8::xid), -2147483648) AS least
    FROM ROWS FROM (pg_catalog.unnest(%(firsts)s::text[]), pg_catalog.unnest(%(nexts)s::text[])) AS entry (first, next)
), place AS MATERIALIZED (
    SELECT n.oid, n.nspname, entry.owner
    FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::text[]), pg_catalog.unnest(%(owners)s::text[])) AS entry (schema, owner)
    JOIN pg_catalog.pg_namespace AS n ON n.nspname = entry.schema
), key AS MATERIALIZED (
    SELECT k.oid, k.conname, k.conrelid, k.confrelid, k.confdeltype, coalesce(k.confdelsetcols, k.conkey) AS emptied,
        coalesce(place.owner, pg_catalog.pg_get_userbyid(c.relowner)::text) AS owner,
        EXISTS (SELECT FROM span WHERE pg_catalog.age(k.xmin) > least AND pg_catalog.age(k.xmin) <= most) AS is_new
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
    LEFT JOIN place ON place.oid = c.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0
        AND EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgconstraint = k.oid)
), crossing AS MATERIALIZED (
    SELECT key.*, place.nspname, place.owner AS other
    FROM key
    JOIN pg_catalog.pg_class AS t ON t.oid = key.confrelid
    JOIN place ON place.oid = t.relnamespace
    WHERE place.owner <> key.owner
), step AS MATERIALIZED (
    SELECT key.confrelid AS source, key.conrelid AS target, pg_catalog.bool_or(key.is_new) AS is_new
    FROM key
    WHERE key.confdeltype = 'c'
    GROUP BY 1, 2
    UNION ALL
    SELECT pair.source, pair.target,
        EXISTS (SELECT FROM span WHERE pg_catalog.age(i.xmin) > least AND pg_catalog.age(i.xmin) <= most)
    FROM pg_catalog.pg_inherits AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid AND c.relispartition
    CROSS JOIN LATERAL (VALUES (i.inhparent, i.inhrelid), (i.inhrelid, i.inhparent)) AS pair (source, target)
), reached AS (
    SELECT confrelid AS root, nspname, other, owner, conrelid AS relation, is_new
    FROM crossing
    WHERE confdeltype = 'c'
    UNION
    SELECT reached.root, reached.nspname, reached.other, reached.owner, step.target, reached.is_new OR step.is_new
    FROM reached
    JOIN step ON step.source = reached.relation
), held AS (
    SELECT oid, confrelid AS root, nspname, owner, true AS is_direct, is_new
    FROM crossing
    UNION ALL
    SELECT key.oid, reached.root, reached.nspname, reached.owner, false, pg_catalog.bool_or(key.is_new OR reached.is_new)
    FROM reached
    JOIN key ON key.confrelid = reached.relation AND key.confdeltype <> 'c' AND key.owner <> reached.other
    GROUP BY 1, 2, 3, 4
)
SELECT
    pg_catalog.format('%%s.%%s (%%s)', n.nspname, c.relname, key.conname),
    CASE key.confdeltype
        WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' ELSE 'CASCADE'
    END,
    pg_catalog.format('%%s.%%s', m.nspname, t.relname),
    held.nspname::text,
    pg_catalog.format('%%s.%%s', held.nspname, r.relname),
    held.owner,
    held.is_direct,
    coalesce(stuck.is_there, false),
    held.is_new OR coalesce(stuck.is_new, false)
FROM held
JOIN key ON key.oid = held.oid
JOIN pg_catalog.pg_class AS c ON c.oid = key.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class AS t ON t.oid = key.confrelid
JOIN pg_catalog.pg_namespace AS m ON m.oid = t.relnamespace
JOIN pg_catalog.pg_class AS r ON r.oid = held.root
LEFT JOIN LATERAL (
    SELECT true AS is_there,
        pg_catalog.bool_or(EXISTS (SELECT FROM span WHERE pg_catalog.age(a.xmin) > least AND pg_catalog.age(a.xmin) <= most)) AS is_new
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
    WHERE a.attrelid = key.conrelid AND a.attnum = ANY (key.emptied) AND (a.attnotnull OR y.typnotnull)
        AND (key.confdeltype = 'n' OR key.confdeltype = 'd' AND NOT a.atthasdef AND y.typdefault IS NULL)
    HAVING pg_catalog.count(*) > 0
) AS stuck ON true
WHERE held.is_direct OR key.confdeltype IN ('a', 'r') OR stuck.is_there
