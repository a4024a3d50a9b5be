-- name: borrowed_code
-- kind: many
-- purpose: functions that whoever uses a table, a view or a domain runs with their own rights: by triggers, defaults, generated
--   columns, constraints, rules, views, policies, indexes and partition keys, through operators too. Left out are those
--   that are SECURITY DEFINER with a search_path and belong to their schema's owner, those of extensions, the engine's own,
--   those that the map lets run, and PostgreSQL's but for those that run a text as SQL or change settings, which are found
--   by their numbers in the expression.
-- shape: schema.relation (what runs it), schema.function(types), the same in quotes, whether it is PostgreSQL's own,
--   whether it or what runs it was written by a transaction in one of the given spans
-- index: pg_depend_depender_index
-- What a savepoint wrote has a number beyond its transaction's, and so an age below 0.
WITH span AS MATERIALIZED (
    SELECT pg_catalog.age(entry.first::xid8::xid) AS most, coalesce(pg_catalog.age(entry.next::xid8::xid), -2147483648) AS least
    FROM ROWS FROM (pg_catalog.unnest(%(firsts)s::text[]), pg_catalog.unnest(%(nexts)s::text[])) AS entry (first, next)
), hook AS (
    SELECT 2620 AS classid, g.oid AS objid, g.tgrelid AS relation, 0::oid AS type, 'trigger ' || g.tgname AS what,
        g.tgqual::text AS code, g.xmin AS written
    FROM pg_catalog.pg_trigger AS g
    WHERE NOT g.tgisinternal AND g.tgrelid >= 16384  -- the first number that PostgreSQL gives to others' objects
    UNION ALL
    SELECT 2604, d.oid, d.adrelid, 0,
        CASE a.attgenerated WHEN '' THEN 'default of ' ELSE 'generated column ' END || a.attname, d.adbin::text, d.xmin
    FROM pg_catalog.pg_attrdef AS d
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE d.adrelid >= 16384
    UNION ALL
    SELECT 2606, k.oid, k.conrelid, k.contypid, 'constraint ' || k.conname, k.conbin::text, k.xmin
    FROM pg_catalog.pg_constraint AS k
    WHERE k.contype IN ('c', 'x') AND k.oid >= 16384
    UNION ALL
    SELECT 2618, w.oid, w.ev_class, 0, CASE w.ev_type WHEN '1' THEN 'its text' ELSE 'rule ' || w.rulename END,
        w.ev_qual::text || w.ev_action::text, w.xmin
    FROM pg_catalog.pg_rewrite AS w
    JOIN pg_catalog.pg_class AS c ON c.oid = w.ev_class
    WHERE c.relkind <> 'm' AND w.ev_class >= 16384
    UNION ALL
    SELECT 3256, p.oid, p.polrelid, 0, 'policy ' || p.polname, pg_catalog.concat(p.polqual::text, p.polwithcheck::text), p.xmin
    FROM pg_catalog.pg_policy AS p
    UNION ALL
    SELECT 1259, i.indexrelid, i.indrelid, 0, 'index ' || c.relname, pg_catalog.concat(i.indexprs::text, i.indpred::text), i.xmin
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
    UNION ALL
    SELECT 1259, p.partrelid, p.partrelid, 0, 'partition key', p.partexprs::text, p.xmin
    FROM pg_catalog.pg_partitioned_table AS p
    UNION ALL
    SELECT 1247, t.oid, 0, t.oid, CASE t.typtype WHEN 'd' THEN 'default' ELSE 'range' END, t.typdefaultbin::text, t.xmin
    FROM pg_catalog.pg_type AS t
    WHERE t.typtype IN ('d', 'r') AND t.oid >= 16384
), place AS MATERIALIZED (
    SELECT hook.*, n.nspname, coalesce(c.relname, t.typname) AS name
    FROM hook
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = hook.relation
    LEFT JOIN pg_catalog.pg_type AS t ON t.oid = hook.type
    JOIN pg_catalog.pg_namespace AS n ON n.oid = coalesce(c.relnamespace, t.typnamespace)
    WHERE n.nspname = ANY (%(schemas)s::text[])
), recent AS MATERIALIZED (  -- of which PostgreSQL's own functions, which are older than any span, may be news
    SELECT place.*
    FROM place
    WHERE pg_catalog.cardinality(%(firsts)s::text[]) = 0 OR EXISTS (
        SELECT FROM span WHERE pg_catalog.age(place.written) > span.least AND pg_catalog.age(place.written) <= span.most
    )
), runner AS MATERIALIZED (
    SELECT p.oid, ':funcid ' || p.oid || ' ' AS mark
    FROM pg_catalog.pg_proc AS p
    WHERE p.pronamespace = 11 AND (
        p.proname ~ '^(query|cursor|table|schema|database)_to_xml' OR p.proname IN ('set_config', 'ts_stat')
        OR p.proname = 'ts_rewrite' AND p.pronargs = 2
    )
), called AS (
    SELECT place.nspname, place.name, place.what, place.written, d.refobjid AS function, false AS is_built_in
    FROM place
    JOIN pg_catalog.pg_depend AS d ON d.classid = place.classid AND d.objid = place.objid AND d.refclassid = 1255
    UNION
    SELECT place.nspname, place.name, place.what, place.written, o.oprcode, false
    FROM place
    JOIN pg_catalog.pg_depend AS d ON d.classid = place.classid AND d.objid = place.objid AND d.refclassid = 2617
    JOIN pg_catalog.pg_operator AS o ON o.oid = d.refobjid
    UNION
    SELECT recent.nspname, recent.name, recent.what, recent.written, runner.oid, true
    FROM recent
    JOIN runner ON pg_catalog.strpos(recent.code, runner.mark) > 0
)
SELECT
    pg_catalog.format('%%s.%%s (%%s)', called.nspname, called.name, called.what),
    pg_catalog.format('%%s.%%s(%%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)),
    pg_catalog.format('%%I.%%I(%%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)),
    called.is_built_in,
    EXISTS (
        SELECT
        FROM span
        CROSS JOIN (VALUES (called.written), (p.xmin)) AS code (written)
        WHERE pg_catalog.age(code.written) > span.least AND pg_catalog.age(code.written) <= span.most
    )
FROM called
JOIN pg_catalog.pg_proc AS p ON p.oid = called.function
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE (called.is_built_in OR n.nspname <> 'pg_catalog')
    AND NOT (p.prosecdef AND pg_catalog.pg_get_userbyid(p.proowner) = (
        SELECT entry.owner
        FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::text[]), pg_catalog.unnest(%(owners)s::text[])) AS entry (schema, owner)
        WHERE entry.schema = n.nspname
    ) AND EXISTS (
        SELECT FROM pg_catalog.unnest(p.proconfig) AS entry WHERE pg_catalog.starts_with(entry, 'search_path=')
    ))
    AND pg_catalog.format('%%s.%%s', n.nspname, p.proname) NOT IN ('public.count_version', 'public.refuse_history_change')
    AND pg_catalog.format('%%s.%%s(%%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)) <> ALL (%(let)s::text[])
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype = 'e'
    )
ORDER BY 1, 2
