-- name: functions
-- kind: many
-- purpose: functions that give more than one row, and those that may write: VOLATILE ones that are not PostgreSQL's own
-- shape: schema, name, whether one of that name gives more than one row, whether one may write
-- index: none; one pass over the catalogue
SELECT n.nspname, p.proname, pg_catalog.bool_or(p.proretset),
    pg_catalog.bool_or(p.provolatile = 'v' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_')
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE p.proretset OR p.provolatile = 'v'
GROUP BY n.nspname, p.proname
ORDER BY n.nspname, p.proname
