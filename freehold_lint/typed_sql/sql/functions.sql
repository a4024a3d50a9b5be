-- name: functions
-- kind: many
-- purpose: functions that give more than one row
-- shape: name
-- index: none; one pass over the catalogue
SELECT DISTINCT p.proname FROM pg_catalog.pg_proc AS p WHERE p.proretset ORDER BY p.proname
