-- name: outline
-- kind: one
-- purpose: what changes whenever a trigger or an event trigger does, or a name that its definition follows, without its
--   definition: the rows that tell of them, and the names of their tables and columns; null where there are rules, which may
--   name any table, and where the condition of a trigger names a type
-- shape: one text; null
-- index: pg_class_oid_index, pg_attribute_relid_attnum_index, pg_depend_depender_index; one pass over pg_trigger and pg_rewrite
SELECT CASE WHEN NOT EXISTS (
    SELECT FROM pg_catalog.pg_rewrite w
    WHERE w.oid >= 16384 AND (w.rulename <> '_RETURN' OR w.ev_enabled <> 'O')  -- below are those of the server's own views
) AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_trigger t
    JOIN pg_catalog.pg_depend d ON d.classid = 2620 AND d.objid = t.oid
    WHERE t.tgqual IS NOT NULL AND (d.refclassid = 1247 OR d.refclassid = 1259 AND d.refobjid <> t.tgrelid)
) THEN pg_catalog.concat_ws(' ', (
    SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', t.oid, t.xmin, t.tgrelid, c.relnamespace, c.relname,
        t.tgconstrrelid::pg_catalog.regclass, CASE WHEN t.tgqual IS NOT NULL OR pg_catalog.array_length(t.tgattr, 1) > 0 THEN (
            SELECT pg_catalog.string_agg(a.attname, ' ' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
        ) END), ' ' ORDER BY t.oid)
    FROM pg_catalog.pg_trigger t
    JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal OR t.tgenabled <> 'O'
), (
    SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', e.oid, e.xmin), ' ' ORDER BY e.oid)
    FROM pg_catalog.pg_event_trigger e
)) END
