-- name: duplicate_indexes
-- kind: many
-- purpose: indexes of one table that hold the same: columns, order, operators, expressions and condition
-- shape: schema.table (index, index, …), the first, the others
-- index: pg_class_relname_nsp_index
SELECT
    pg_catalog.format('%%s.%%s (%%s)', n.nspname, c.relname, pg_catalog.array_to_string(d.names, ', ')),
    d.names[1], pg_catalog.array_to_string(d.names[2:], ', ')
FROM (
    SELECT i.indrelid, pg_catalog.array_agg(x.relname ORDER BY i.indisprimary DESC, i.indisunique DESC, x.relname) AS names
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
    WHERE i.indrelid IN (
        SELECT t.oid FROM pg_catalog.pg_class AS t
        JOIN pg_catalog.pg_namespace AS s ON s.oid = t.relnamespace
        WHERE s.nspname = ANY (%(schemas)s)
    )
    GROUP BY i.indrelid, x.relam, x.reloptions, i.indkey::text, i.indclass::text, i.indcollation::text,
        i.indoption::text, i.indnkeyatts, pg_catalog.pg_get_expr(i.indexprs, i.indrelid),
        pg_catalog.pg_get_expr(i.indpred, i.indrelid)
    HAVING pg_catalog.count(*) > 1
) AS d
JOIN pg_catalog.pg_class AS c ON c.oid = d.indrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
