-- name: list_foreign_keys
-- kind: many
-- purpose: every foreign key of the database, Django's or not
-- index: none; sqlite_master holds a row for each table and index
SELECT
    m.name AS label,
    f."from" AS column_name,
    f."table" AS target,
    f."to" AS target_column
FROM sqlite_master AS m
JOIN pragma_foreign_key_list(m.name) AS f
WHERE m.type = 'table'
ORDER BY m.name, f.id, f.seq;
