-- name: list_favorites
-- kind: many
-- purpose: what a user has marked and may see, the last one first, a page of it
-- sort: newest = f.created_at DESC, f.id DESC
-- page: 50 200
-- index: favorites_user_item_uniq
SELECT
    f.id,
    f.created_at,
    i.id AS "item.id",
    i.name AS "item.name",
    i.price AS "item.price",
    i.currency AS "item.currency"
FROM app.favorites AS f
JOIN app.items AS i ON i.id = f.item_id
WHERE f.user_id = @user_id AND (i.is_active OR i.user_id = @user_id)
-- after
