-- name: definer_views
-- kind: many
-- purpose: views that read with their owner's rights, past the reader's grants and policies; those of extensions are left out
-- shape: schema.view, the same in quotes
-- index: pg_class_relname_nsp_index
SELECT pg_catalog.format('%%s.%%s', n.nspname, c.relname), pg_catalog.format('%%I.%%I', n.nspname, c.relname)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND n.nspname = ANY (%(schemas)s)
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_options_to_table(c.reloptions) AS o
        WHERE o.option_name = 'security_invoker' AND o.option_value::boolean
    )
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    )
