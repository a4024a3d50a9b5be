-- name: list_leanings
-- kind: many
-- purpose: what a table needs of other schemas, and what others need of what goes along with it: types, sequences, functions;
--   rules of its own that write elsewhere; its place among partitions, heirs and publications
-- shape: kind, what uses it, its schema, its bare name, its owner, whose table uses it (owner), whether that one may
-- index: pg_depend_depender_index, pg_attribute_relid_attnum_index, pg_inherits_relid_seqno_index
WITH moving AS (
    SELECT c.oid, c.relnamespace, c.reltype, pg_catalog.format('%%s.%%s', n.nspname, c.relname) AS label
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = %(schema)s AND c.relname = %(name)s
), sequence AS (
    SELECT d.objid AS oid
    FROM moving
    JOIN pg_catalog.pg_depend AS d ON d.refclassid = 1259 AND d.refobjid = moving.oid AND d.classid = 1259
    JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
    WHERE d.deptype IN ('a', 'i')
), col AS (
    SELECT a.attrelid, a.attname, coalesce(m.rngtypid, nullif(t.typelem, 0), t.oid) AS type
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_range AS m ON m.rngmultitypid = t.oid
    WHERE a.attnum > 0 AND NOT a.attisdropped
), hook AS (
    SELECT 2604 AS classid, f.oid AS objid, f.adrelid AS relation, 'column ' || a.attname AS what
    FROM pg_catalog.pg_attrdef AS f
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
    UNION ALL
    SELECT 2606, k.oid, k.conrelid, 'constraint ' || k.conname
    FROM pg_catalog.pg_constraint AS k
    WHERE k.contype IN ('c', 'x')
    UNION ALL
    SELECT 2620, g.oid, g.tgrelid, 'trigger ' || g.tgname
    FROM pg_catalog.pg_trigger AS g
    WHERE NOT g.tgisinternal
    UNION ALL
    SELECT 1259, i.indexrelid, i.indrelid, 'index ' || c.relname
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
)
SELECT 'type', 'column ' || col.attname, n.nspname::text, t.typname::text,
    pg_catalog.pg_get_userbyid(t.typowner)::text, '', false
FROM moving
JOIN col ON col.attrelid = moving.oid
JOIN pg_catalog.pg_type AS t ON t.oid = col.type AND t.typnamespace <> 11
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 1247 AND d.objid = t.oid AND d.deptype = 'e')
UNION ALL
SELECT 'row type', pg_catalog.format('column %%s of %%s.%%s', col.attname, n.nspname, c.relname), n.nspname, moving.label,
    '', pg_catalog.pg_get_userbyid(c.relowner), false
FROM moving
JOIN col ON col.type = moving.reltype AND col.attrelid <> moving.oid
JOIN pg_catalog.pg_class AS c ON c.oid = col.attrelid AND c.relkind IN ('r', 'p')
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
UNION ALL
SELECT 'sequence', hook.what, n.nspname, s.relname, pg_catalog.pg_get_userbyid(s.relowner), '', false
FROM moving
JOIN hook ON hook.relation = moving.oid AND hook.classid = 2604
JOIN pg_catalog.pg_depend AS d ON d.classid = hook.classid AND d.objid = hook.objid AND d.refclassid = 1259
JOIN pg_catalog.pg_class AS s ON s.oid = d.refobjid AND s.relkind = 'S'
JOIN pg_catalog.pg_namespace AS n ON n.oid = s.relnamespace
WHERE s.oid NOT IN (SELECT oid FROM sequence)
UNION ALL
SELECT 'own sequence', pg_catalog.format('%%s of %%s.%%s', hook.what, n.nspname, c.relname), n.nspname, s.relname, '',
    pg_catalog.pg_get_userbyid(c.relowner), false
FROM moving
CROSS JOIN sequence
JOIN pg_catalog.pg_depend AS d ON d.refclassid = 1259 AND d.refobjid = sequence.oid AND d.classid = 2604
JOIN hook ON hook.classid = 2604 AND hook.objid = d.objid AND hook.relation <> moving.oid
JOIN pg_catalog.pg_class AS s ON s.oid = sequence.oid
JOIN pg_catalog.pg_class AS c ON c.oid = hook.relation
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
UNION ALL
SELECT DISTINCT 'function', hook.what, n.nspname,
    pg_catalog.format('%%s(%%s)', p.proname, pg_catalog.oidvectortypes(p.proargtypes)),
    pg_catalog.pg_get_userbyid(p.proowner), '',
    coalesce(pg_catalog.has_function_privilege(pg_catalog.to_regrole(%(heir)s), p.oid, 'EXECUTE'), false)
FROM moving
JOIN hook ON hook.relation = moving.oid
JOIN pg_catalog.pg_depend AS d ON d.classid = hook.classid AND d.objid = hook.objid
LEFT JOIN pg_catalog.pg_operator AS o ON d.refclassid = 2617 AND o.oid = d.refobjid
JOIN pg_catalog.pg_proc AS p ON p.oid = CASE d.refclassid WHEN 1255 THEN d.refobjid ELSE o.oprcode END
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace AND n.oid <> 11
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = 1255 AND e.objid = p.oid AND e.deptype = 'e')
UNION ALL
SELECT DISTINCT 'rule', 'rule ' || w.rulename, n.nspname, r.relname, pg_catalog.pg_get_userbyid(r.relowner), '', false
FROM moving
JOIN pg_catalog.pg_rewrite AS w ON w.ev_class = moving.oid
JOIN pg_catalog.pg_depend AS d ON d.classid = 2618 AND d.objid = w.oid AND d.refclassid = 1259
JOIN pg_catalog.pg_class AS r ON r.oid = d.refobjid AND r.oid <> moving.oid AND r.relkind <> 'S'
JOIN pg_catalog.pg_namespace AS n ON n.oid = r.relnamespace AND n.oid <> 11
UNION ALL
SELECT 'parent', CASE WHEN i.inhparent = moving.oid THEN 'its child' WHEN c.relispartition THEN 'a partition of'
    ELSE 'a child of' END, n.nspname, r.relname, pg_catalog.pg_get_userbyid(r.relowner), '', false
FROM moving
JOIN pg_catalog.pg_inherits AS i ON moving.oid IN (i.inhrelid, i.inhparent)
JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
JOIN pg_catalog.pg_class AS r ON r.oid IN (i.inhrelid, i.inhparent) AND r.oid <> moving.oid
JOIN pg_catalog.pg_namespace AS n ON n.oid = r.relnamespace
UNION ALL
SELECT 'publication', 'it', '', p.pubname, pg_catalog.pg_get_userbyid(p.pubowner), '', false
FROM moving
JOIN pg_catalog.pg_publication AS p
    ON EXISTS (SELECT FROM pg_catalog.pg_publication_rel AS r WHERE r.prpubid = p.oid AND r.prrelid = moving.oid)
UNION ALL
SELECT 'publication', 'all of schema ' || n.nspname, n.nspname, p.pubname, pg_catalog.pg_get_userbyid(p.pubowner), '', false
FROM moving
JOIN pg_catalog.pg_namespace AS n ON n.oid = moving.relnamespace OR n.nspname = %(target)s
JOIN pg_catalog.pg_publication_namespace AS s ON s.pnnspid = n.oid
JOIN pg_catalog.pg_publication AS p ON p.oid = s.pnpubid
UNION ALL
SELECT 'key', pg_catalog.format('%%s of %%s.%%s', k.conname, n.nspname, c.relname), n.nspname, '', '',
    pg_catalog.pg_get_userbyid(c.relowner), false
FROM moving
JOIN pg_catalog.pg_constraint AS k ON k.contype = 'f' AND k.confrelid = moving.oid AND k.conrelid <> moving.oid
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
ORDER BY 1, 2, 3, 4
