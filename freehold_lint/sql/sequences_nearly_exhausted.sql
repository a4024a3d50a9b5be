-- name: sequences_nearly_exhausted
-- kind: many
-- purpose: sequences that have given more than four fifths of what they, or the column they serve, can hold. A sequence
--   that this login may not look into is left out.
-- shape: schema.sequence, last value, highest value
-- index: pg_depend_depender_index
SELECT pg_catalog.format('%%s.%%s', q.nspname, q.relname), q.last, q.highest
FROM (
    SELECT n.nspname, c.relname,
        CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'USAGE, SELECT')
            THEN pg_catalog.pg_sequence_last_value(c.oid) END AS last,
        least(s.seqmax, (
            SELECT CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 END
            FROM pg_catalog.pg_depend AS d
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
                AND d.refclassid = 'pg_catalog.pg_class'::regclass
            LIMIT 1
        )) AS highest
    FROM pg_catalog.pg_sequence AS s
    JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE s.seqincrement > 0 AND NOT s.seqcycle AND n.nspname = ANY (%(schemas)s)
) AS q
WHERE q.last > q.highest / 5 * 4
