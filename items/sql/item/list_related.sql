-- name: list_related
-- kind: many
-- purpose: other items on offer of a category, the newest first, each with the first of its images
-- index: items_category_created_at_idx
SELECT
    i.id,
    i.name,
    i.price,
    i.currency,
    l.city,
    l.country_name,
    (SELECT m.url FROM app.item_images AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_url,
    (SELECT m.alt FROM app.item_images AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_alt
FROM app.items AS i
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active AND i.category_id = @category_id AND i.id <> @item_id
ORDER BY i.created_at DESC, i.id DESC
LIMIT @rows
