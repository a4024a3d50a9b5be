-- name: list_currencies
-- kind: many
-- purpose: the codes of all currencies that items on offer are priced in
-- index: items_price_cents_idx
SELECT DISTINCT i.currency
FROM app.items AS i
WHERE i.is_active
ORDER BY i.currency
