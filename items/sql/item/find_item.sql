-- name: find_item
-- kind: maybe
-- purpose: an item on offer by its id
-- index: items_pkey
SELECT
    i.id,
    i.name,
    i.description,
    i.price,
    i.currency,
    i.created_at,
    i.updated_at,
    i.version,
    c.id AS "category.id",
    c.slug AS "category.slug",
    (SELECT count(*) FROM app.item_images AS m WHERE m.item_id = i.id) AS images
FROM app.items AS i
JOIN master.categories AS c ON c.id = i.category_id
WHERE i.is_active AND i.id = @id
