-- name: foreign_owners
-- kind: many
-- purpose: tables, views, sequences, functions and types of the map's schemas that belong to another role than the map
--   says; those of extensions are left out, and what belongs to a table goes with it
-- shape: schema.object, kind, owner, owner of the map, schema.object in quotes
-- index: pg_class_relname_nsp_index, pg_proc_proname_args_nsp_index, pg_type_typname_nsp_index
WITH declared AS (
    SELECT n.oid, n.nspname, entry.owner
    FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::text[]), pg_catalog.unnest(%(owners)s::text[]))
        AS entry (schema, owner)
    JOIN pg_catalog.pg_namespace AS n ON n.nspname = entry.schema
), object AS (
    SELECT 'pg_catalog.pg_class'::regclass AS class, c.oid, c.relnamespace AS namespace, c.relname::text AS name,
        CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
            WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind,
        c.relowner AS owner, pg_catalog.quote_ident(c.relname) AS quoted
    FROM pg_catalog.pg_class AS c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, p.oid, p.pronamespace,
        p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')',
        CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, p.proowner,
        pg_catalog.quote_ident(p.proname) || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')'
    FROM pg_catalog.pg_proc AS p
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid, t.typnamespace, t.typname::text, 'type', t.typowner,
        pg_catalog.quote_ident(t.typname)
    FROM pg_catalog.pg_type AS t
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
    WHERE t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')
)
SELECT
    pg_catalog.format('%%s.%%s', d.nspname, o.name), o.kind, pg_catalog.pg_get_userbyid(o.owner), d.owner,
    pg_catalog.format('%%I.%%s', d.nspname, o.quoted)
FROM object AS o
JOIN declared AS d ON d.oid = o.namespace
WHERE pg_catalog.pg_get_userbyid(o.owner) <> d.owner AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS e WHERE e.classid = o.class AND e.objid = o.oid AND e.deptype = 'e'
)
