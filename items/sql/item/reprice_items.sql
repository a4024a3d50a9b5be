-- name: reprice_items
-- kind: batch
-- purpose: sets the price of each item and gives what it is then
-- caller: whoever imports, from a shell
-- index: items_pkey
UPDATE app.items
SET price = @price
WHERE id = @id
RETURNING id, price
