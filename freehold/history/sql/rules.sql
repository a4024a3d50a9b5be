-- name: rules
-- kind: many
-- purpose: the rules of the given schemas' tables and views but for what a view itself is, each with whether it is in
--   force and a digest of its definition as the server writes it, with the path pinned
-- shape: schema, sort, name, mark (whether it is in force, then a digest), whether it follows the names of tables and columns
-- index: none; one pass over pg_rewrite
SELECT n.nspname::text AS schema, 'rules' AS sort, n.nspname || '.' || c.relname || '.' || w.rulename AS name,
    CASE w.ev_enabled WHEN 'O' THEN 'on' WHEN 'D' THEN 'off' WHEN 'A' THEN 'always' ELSE 'replica' END || ' ' ||
        pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
            w.ev_enabled::text || pg_catalog.pg_get_ruledef(w.oid), 'UTF8')), 'hex'), 32) AS mark,
    true AS follows
FROM pg_catalog.pg_rewrite w
JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY (%(recorded)s) AND (w.rulename <> '_RETURN' OR w.ev_enabled <> 'O')
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'e'
    )
