-- name: operators
-- kind: many
-- purpose: operators that give a truth value and may tell of rows that a policy hides: no index serves them behind policies
-- shape: operator, types on its left and right
-- index: none; one pass over the catalogue
SELECT DISTINCT o.oprname, l.typname, r.typname
FROM pg_catalog.pg_operator AS o
JOIN pg_catalog.pg_type AS l ON l.oid = o.oprleft
JOIN pg_catalog.pg_type AS r ON r.oid = o.oprright
JOIN pg_catalog.pg_proc AS p ON p.oid = o.oprcode
WHERE NOT p.proleakproof AND o.oprresult = 'pg_catalog.bool'::pg_catalog.regtype
ORDER BY 1, 2, 3
