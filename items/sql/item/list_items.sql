-- name: list_items
-- kind: many
-- purpose: items on offer with their categories and where they are, a page of them; not the reader's own alone
-- sort: newest = i.created_at DESC, i.id DESC
-- sort: cheapest = i.currency, i.price, i.id DESC
-- page: 50 200
-- embed: location = location_id, location_city AS city, location_country AS country
-- index: items_created_at_idx, items_category_created_at_idx
SELECT
    i.id,
    i.name,
    i.price,
    i.currency,
    i.created_at,
    c.id AS "category.id",
    c.slug AS "category.slug",
    l.id AS location_id,
    l.city AS location_city,
    l.country AS location_country
FROM app.items AS i
JOIN master.categories AS c ON c.id = i.category_id
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active
-- if: category_id
    AND i.category_id = @category_id
-- end
-- if: range
    AND i.price >= @least AND i.price <= @most
-- end
-- if: ids
    AND i.id = ANY (@ids)
-- end
-- after
