-- name: list_trail
-- kind: many
-- purpose: the categories of some paths, from the top down
-- index: categories_path_uniq
SELECT c.id, c.parent_id, c.name, c.path
FROM master.categories AS c
WHERE c.path = ANY (@paths)
ORDER BY c.path
