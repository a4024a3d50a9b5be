-- name: types
-- kind: many
-- purpose: each type by its number
-- shape: number, schema, name, number of an array's element or 0, number of what a domain is of or 0, labels of an enumeration
-- index: none; one pass over the catalogue
SELECT t.oid, n.nspname, t.typname, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END, t.typbasetype,
    (SELECT pg_catalog.array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid)
FROM pg_catalog.pg_type AS t
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
ORDER BY t.oid
