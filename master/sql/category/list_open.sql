-- name: list_open
-- kind: many
-- purpose: what is seen of the tree when it is open down to some paths: the top, and the level below each of them
-- index: categories_path_uniq, categories_pkey
SELECT c.id, c.parent_id, c.name, c.path
FROM master.categories AS c
LEFT JOIN master.categories AS p ON p.id = c.parent_id
WHERE c.parent_id IS NULL OR p.path = ANY (@paths)
ORDER BY c.position, c.name, c.path
