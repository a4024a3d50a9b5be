-- name: triggers
-- kind: many
-- purpose: the triggers of the given schemas' tables and views, and event triggers that run a function of theirs, each
--   with whether it fires and a digest of its definition. Of a partition's triggers, which follow the parent's, those
--   alone that fire otherwise; of a foreign key's, those that are switched off. Not among them: those of an extension's
--   tables, and the history's guard, which is compared by itself. The path is pinned for the definitions.
-- shape: schema, sort, name, mark (when it fires, then a digest), whether it follows the names of tables and columns
-- index: none; one pass over pg_trigger
SELECT n.nspname::text AS schema, 'triggers' AS sort, n.nspname || '.' || c.relname || '.' || t.tgname AS name,
    CASE t.tgenabled WHEN 'O' THEN 'on' WHEN 'D' THEN 'off' WHEN 'A' THEN 'always' ELSE 'replica' END || ' ' ||
        pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
            t.tgenabled::text || pg_catalog.pg_get_triggerdef(t.oid), 'UTF8')), 'hex'), 32) AS mark,
    true AS follows
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_trigger parent ON parent.oid = t.tgparentid
WHERE n.nspname = ANY (%(recorded)s) AND NOT t.tgisinternal
    AND (parent.oid IS NULL OR parent.tgenabled <> t.tgenabled)
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'e'
    )
    AND NOT (n.nspname = 'public' AND c.relname = 'migration_history')
UNION ALL
SELECT n.nspname, 'triggers', n.nspname || '.' || c.relname || '.' || k.conname,
    CASE pg_catalog.min(t.tgenabled::text) WHEN 'D' THEN 'off' WHEN 'A' THEN 'always' ELSE 'replica' END || ' ' ||
        pg_catalog.string_agg(t.tgenabled::text, '' ORDER BY t.tgfoid),
    true
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_constraint k ON k.oid = t.tgconstraint
WHERE n.nspname = ANY (%(recorded)s) AND t.tgisinternal AND t.tgenabled <> 'O'
GROUP BY n.nspname, c.relname, k.conname
UNION ALL
SELECT n.nspname, 'event triggers', n.nspname || '.' || e.evtname,
    CASE e.evtenabled WHEN 'O' THEN 'on' WHEN 'D' THEN 'off' WHEN 'A' THEN 'always' ELSE 'replica' END || ' ' ||
        pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
            row(e.evtevent, e.evtenabled, e.evttags, e.evtfoid::regprocedure)::text, 'UTF8')), 'hex'), 32),
    true
FROM pg_catalog.pg_event_trigger e
JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = ANY (%(recorded)s)
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 3466 AND d.objid = e.oid AND d.deptype = 'e'
    )
