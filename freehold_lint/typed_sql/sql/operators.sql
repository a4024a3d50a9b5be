-- name: operators
-- kind: many
-- purpose: operators that give a truth value, and which may tell of rows that a policy hides: no index serves these
--   behind policies
-- shape: operator, types on its left and right, whether it may tell
-- index: none; one pass over the catalogue
SELECT o.oprname, l.typname, r.typname, pg_catalog.bool_or(NOT p.proleakproof)
FROM pg_catalog.pg_operator AS o
JOIN pg_catalog.pg_type AS l ON l.oid = o.oprleft
JOIN pg_catalog.pg_type AS r ON r.oid = o.oprright
JOIN pg_catalog.pg_proc AS p ON p.oid = o.oprcode
WHERE o.oprresult = 'pg_catalog.bool'::pg_catalog.regtype
GROUP BY o.oprname, l.typname, r.typname
ORDER BY 1, 2, 3
