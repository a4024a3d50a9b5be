-- name: unindexed_foreign_keys
-- kind: many
-- purpose: foreign keys whose columns no index begins with. An index that leaves out nothing but nulls serves as well.
-- shape: schema.table (columns), constraint, schema.table, columns
-- index: pg_index_indrelid_index
SELECT
    pg_catalog.format('%%s.%%s (%%s)', n.nspname, c.relname, k.columns),
    f.conname, pg_catalog.format('%%I.%%I', n.nspname, c.relname), k.quoted
FROM pg_catalog.pg_constraint AS f
JOIN pg_catalog.pg_class AS c ON c.oid = f.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT
        pg_catalog.string_agg(a.attname, ', ' ORDER BY u.place) AS columns,
        pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY u.place) AS quoted
    FROM pg_catalog.unnest(f.conkey) WITH ORDINALITY AS u (number, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = u.number
) AS k
WHERE f.contype = 'f' AND f.conparentid = 0 AND n.nspname = ANY (%(schemas)s) AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_am AS m ON m.oid = x.relam
    WHERE i.indrelid = f.conrelid AND i.indisvalid AND m.amname IN ('btree', 'hash')
        AND (i.indkey::int2[])[0:pg_catalog.cardinality(f.conkey) - 1] @> f.conkey
        AND (i.indpred IS NULL OR pg_catalog.pg_get_expr(i.indpred, i.indrelid) = '(' || k.quoted || ' IS NOT NULL)')
)
