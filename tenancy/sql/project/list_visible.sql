-- name: list_visible
-- kind: many
-- purpose: the projects that whoever asks may see, or the one of an id; two of them tell that it is more than one
-- index: projects_pkey
SELECT p.id
FROM app.projects AS p
WHERE true
-- if: id
    AND p.id = @id
-- end
LIMIT 2
