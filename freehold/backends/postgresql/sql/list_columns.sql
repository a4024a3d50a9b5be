-- name: list_columns
-- kind: many
-- purpose: a table's columns: name, nullable, default, collation (with its schema where that is known),
--          identity, comment
-- index: pg_class_relname_nsp_index
SELECT
    a.attname,
    NOT (a.attnotnull OR (t.typtype = 'd' AND t.typnotnull)),
    pg_catalog.pg_get_expr(d.adbin, d.adrelid),
    CASE
        WHEN o.collname = 'default' THEN NULL
        WHEN ns.nspname = ANY (%(schemas)s) THEN ns.nspname || '.' || o.collname
        ELSE o.collname
    END,
    a.attidentity <> '',
    pg_catalog.col_description(a.attrelid, a.attnum)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation AS o ON o.oid = a.attcollation
LEFT JOIN pg_catalog.pg_namespace AS ns ON ns.oid = o.collnamespace
WHERE
    c.relkind IN ('f', 'm', 'p', 'r', 'v')
    AND c.relname = %(table)s
    AND CASE WHEN %(schema)s = '' THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = %(schema)s END
