-- name: crossing_triggers
-- kind: many
-- purpose: triggers whose function lies in another schema than their table; PostgreSQL's own functions are left out,
--   and the engine's, which counts versions
-- shape: schema.table (trigger), schema.function()
-- index: pg_trigger_tgrelid_tgname_index
SELECT
    pg_catalog.format('%%s.%%s (%%s)', n.nspname, c.relname, g.tgname),
    pg_catalog.format('%%s.%%s()', m.nspname, p.proname)
FROM pg_catalog.pg_trigger AS g
JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_proc AS p ON p.oid = g.tgfoid
JOIN pg_catalog.pg_namespace AS m ON m.oid = p.pronamespace
WHERE NOT g.tgisinternal AND n.nspname = ANY (%(schemas)s) AND p.pronamespace <> c.relnamespace
    AND m.nspname <> 'pg_catalog'
    AND pg_catalog.format('%%s.%%s', m.nspname, p.proname) <> 'public.count_version'
