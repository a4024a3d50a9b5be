-- name: views
-- kind: many
-- purpose: views of one table, such as those under the old name of a table that moved
-- shape: schema, view, the table's schema and name, what the view selects
-- index: none; one pass over the catalogue
SELECT n.nspname, c.relname, min(m.nspname::text), min(t.relname::text), pg_catalog.pg_get_viewdef(c.oid)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = c.oid AND r.ev_type = '1'
JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> c.oid
JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid
JOIN pg_catalog.pg_namespace AS m ON m.oid = t.relnamespace
WHERE c.relkind = 'v' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
GROUP BY c.oid, n.nspname, c.relname
HAVING count(DISTINCT t.oid) = 1
ORDER BY n.nspname, c.relname
