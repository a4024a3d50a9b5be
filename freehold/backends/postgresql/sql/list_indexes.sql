-- name: list_indexes
-- kind: many
-- purpose: a table's indexes: name, columns in order (null: an expression), unique, primary, order of each column,
--          access method, definition where it has expressions, storage options
-- index: pg_class_relname_nsp_index, pg_index_indrelid_index
SELECT
    ic.relname,
    ARRAY(
        SELECT a.attname
        FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY AS key (number, place)
        LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = key.number
        ORDER BY key.place
    ),
    i.indisunique,
    i.indisprimary,
    ARRAY(
        SELECT CASE WHEN am.amname <> %(ordered)s THEN NULL WHEN key.option & 1 = 1 THEN 'DESC' ELSE 'ASC' END
        FROM ROWS FROM (pg_catalog.unnest(i.indkey), pg_catalog.unnest(i.indoption))
            WITH ORDINALITY AS key (number, option, place)
        ORDER BY key.place
    ),
    am.amname,
    CASE WHEN i.indexprs IS NOT NULL THEN pg_catalog.pg_get_indexdef(i.indexrelid) END,
    ic.reloptions
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid
JOIN pg_catalog.pg_class AS ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_am AS am ON am.oid = ic.relam
WHERE
    c.relname = %(table)s
    AND CASE WHEN %(schema)s = '' THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = %(schema)s END
ORDER BY ic.relname
