-- name: list_named_along
-- kind: many
-- purpose: what goes to another schema with a table and has a name there: INDEX or SEQUENCE, name, columns in order
--          (expressions left out)
-- index: pg_index_indrelid_index, pg_depend_reference_index
SELECT
    'INDEX',
    ic.relname,
    ARRAY(
        SELECT a.attname
        FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY AS key (number, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = key.number
        WHERE key.place <= i.indnkeyatts
        ORDER BY key.place
    )
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS ic ON ic.oid = i.indexrelid
WHERE i.indrelid = pg_catalog.to_regclass(%(table)s)
UNION ALL
SELECT 'SEQUENCE', s.relname, ARRAY[a.attname]
FROM pg_catalog.pg_depend AS d
JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE
    d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.refobjid = pg_catalog.to_regclass(%(table)s)
    AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
ORDER BY 1, 2
