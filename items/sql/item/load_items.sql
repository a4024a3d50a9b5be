-- name: load_items
-- kind: load
-- purpose: inserts items; one whose id is there already gets the new name, price and currency
-- caller: whoever imports, from a shell
-- index: items_pkey
INSERT INTO app.items (id, user_id, category_id, location_id, name, description, price, currency, is_active)
VALUES (@id, @user_id, @category_id, @location_id, @name, @description, @price, @currency, @is_active)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = excluded.price, currency = excluded.currency
