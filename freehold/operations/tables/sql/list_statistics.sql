-- name: list_statistics
-- kind: many
-- purpose: extended statistics of a table, which do not go to another schema with it: their schema and name
-- index: pg_statistic_ext_relid_index
SELECT sn.nspname, s.stxname
FROM pg_catalog.pg_statistic_ext AS s
JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.stxnamespace
JOIN pg_catalog.pg_class AS c ON c.oid = s.stxrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = %(name)s
ORDER BY 1, 2
