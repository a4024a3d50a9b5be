-- name: extensions_in_public
-- kind: many
-- purpose: extensions whose functions and operators lie in public, beside what people make
-- shape: extension
-- index: none; pg_extension has a row for each extension
SELECT e.extname
FROM pg_catalog.pg_extension AS e
JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
WHERE n.nspname = 'public'
