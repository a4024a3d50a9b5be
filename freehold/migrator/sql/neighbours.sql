-- name: neighbours
-- kind: many
-- purpose: what a migration may not change without leaving a trace of its own, to be held against the same afterwards: how
--   much lies in the schemas of others, and of their tables that foreign keys tie to this owner's, or may, all that making
--   and dropping such a key leaves alone
-- shape: kind (count, tied, asking), name, value
-- index: pg_attribute_relid_attnum_index; pg_class_oid_index, pg_proc_oid_index and pg_type_oid_index from the first number
--   that PostgreSQL gives to others' objects; one pass over pg_constraint
WITH foreign_namespace AS (
    SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace AS n WHERE n.nspname = ANY (%(foreign)s)
), tied AS (
    SELECT k.confrelid AS oid
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid AND pg_catalog.pg_get_userbyid(c.relowner) = %(owner)s
    WHERE k.contype = 'f'
    UNION
    SELECT k.conrelid
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS c ON c.oid = k.confrelid AND pg_catalog.pg_get_userbyid(c.relowner) = %(owner)s
    WHERE k.contype = 'f'
    UNION
    SELECT c.oid
    FROM pg_catalog.unnest(%(referenced)s::text[]) AS entry
    JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass(entry)
)
SELECT 'count', 'relation of ' || n.nspname, pg_catalog.count(*)::text
FROM pg_catalog.pg_class AS c JOIN foreign_namespace AS n ON n.oid = c.relnamespace WHERE c.oid >= 16384 GROUP BY n.nspname
UNION ALL
SELECT 'count', 'function of ' || n.nspname, pg_catalog.count(*)::text
FROM pg_catalog.pg_proc AS p JOIN foreign_namespace AS n ON n.oid = p.pronamespace WHERE p.oid >= 16384 GROUP BY n.nspname
UNION ALL
SELECT 'count', 'type of ' || n.nspname, pg_catalog.count(*)::text
FROM pg_catalog.pg_type AS t JOIN foreign_namespace AS n ON n.oid = t.typnamespace WHERE t.oid >= 16384 GROUP BY n.nspname
UNION ALL
SELECT 'tied', n.nspname || '.' || c.relname, pg_catalog.md5(pg_catalog.concat_ws(' ', c.oid, c.relowner,
    c.relacl::text, c.relfilenode, c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text, c.relreplident, (
        SELECT pg_catalog.string_agg(a::text, ' ' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid
    ), (
        SELECT pg_catalog.string_agg(d.oid || ':' || d.xmin::text, ' ' ORDER BY d.oid)
        FROM pg_catalog.pg_attrdef AS d WHERE d.adrelid = c.oid
    ), (
        SELECT pg_catalog.string_agg(t.oid || ':' || t.xmin::text, ' ' ORDER BY t.oid)
        FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
    ), (
        SELECT pg_catalog.string_agg(p.oid || ':' || p.xmin::text, ' ' ORDER BY p.oid)
        FROM pg_catalog.pg_policy AS p WHERE p.polrelid = c.oid
    ), (
        SELECT pg_catalog.string_agg(k.oid || ':' || k.xmin::text, ' ' ORDER BY k.oid)
        FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype <> 'f'
    ), (
        SELECT pg_catalog.string_agg(w.oid || ':' || w.xmin::text, ' ' ORDER BY w.oid)
        FROM pg_catalog.pg_rewrite AS w WHERE w.ev_class = c.oid
    )))
FROM tied
JOIN pg_catalog.pg_class AS c ON c.oid = tied.oid
JOIN foreign_namespace AS n ON n.oid = c.relnamespace
UNION ALL
-- Tables of others in schemas whose policies ask a function of the owner's: policies go along where it is dropped, on the
-- way down.
SELECT 'asking', n.nspname || '.' || t.relname, ''
FROM foreign_namespace AS n
JOIN pg_catalog.pg_class AS t ON t.relnamespace = n.oid AND t.relkind IN ('r', 'p')
WHERE n.oid IN (
    SELECT c.relnamespace
    FROM pg_catalog.pg_policy AS p
    JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
    JOIN pg_catalog.pg_depend AS d ON d.classid = 3256 AND d.objid = p.oid AND d.refclassid = 1255
    JOIN pg_catalog.pg_proc AS f ON f.oid = d.refobjid AND pg_catalog.pg_get_userbyid(f.proowner) = %(owner)s
)
