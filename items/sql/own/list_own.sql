-- name: list_own
-- kind: many
-- purpose: a user's own items, on offer or not, a page of them
-- sort: newest = i.created_at DESC, i.id DESC
-- page: 50 200
-- index: items_user_created_at_idx
SELECT i.id, i.name, i.price, i.currency, i.is_active, i.version, i.created_at
FROM app.items AS i
WHERE i.user_id = @user_id
-- after
