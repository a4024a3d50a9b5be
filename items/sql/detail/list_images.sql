-- name: list_images
-- kind: many
-- purpose: the pictures of an item, in their order
-- index: item_images_item_position_uniq
SELECT m.url, m.alt
FROM app.item_images AS m
WHERE m.item_id = @item_id
ORDER BY m.position
