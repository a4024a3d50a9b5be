-- name: digest
-- kind: one
-- purpose: a digest of every row that sql/catalogue.sql gives, so that what it would read is known to be unchanged
-- index: none
SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
    pg_catalog.string_agg(line.text, E'\n' ORDER BY line.text COLLATE "C"), 'UTF8')), 'hex')
FROM (SELECT row(found.*)::text AS text FROM ({catalogue}) found) line
