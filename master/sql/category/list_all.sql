-- name: list_all
-- kind: many
-- purpose: every category, those above before those below, each level in its order
-- index: categories_path_uniq
SELECT c.id, c.parent_id, c.name, c.slug, c.path
FROM master.categories AS c
ORDER BY length(c.path) - length(replace(c.path, '/', '')), c.position, c.name, c.path
