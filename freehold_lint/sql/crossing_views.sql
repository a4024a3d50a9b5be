-- name: crossing_views
-- kind: many
-- purpose: views and materialized views with the columns they read in another schema
-- shape: schema, view, schema it reads, table, columns, its owner by whose rights it reads (empty: by those of whoever asks)
-- index: pg_depend_depender_index
SELECT n.nspname, v.relname, m.nspname, t.relname, pg_catalog.array_agg(DISTINCT a.attname::text),
    CASE
        WHEN v.relkind = 'v' AND EXISTS (
            SELECT FROM pg_catalog.pg_options_to_table(v.reloptions) AS o
            WHERE o.option_name = 'security_invoker' AND o.option_value::boolean
        ) THEN ''
        ELSE pg_catalog.pg_get_userbyid(v.relowner)::text
    END
FROM pg_catalog.pg_class AS v
JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace
JOIN pg_catalog.pg_rewrite AS w ON w.ev_class = v.oid
JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0
JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid
JOIN pg_catalog.pg_namespace AS m ON m.oid = t.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE v.relkind IN ('v', 'm') AND t.relnamespace <> v.relnamespace AND n.nspname = ANY (%(schemas)s)
    AND m.nspname <> 'pg_catalog' AND m.nspname <> 'information_schema'
GROUP BY n.nspname, v.relname, m.nspname, t.relname, v.relkind, v.relowner, v.reloptions
