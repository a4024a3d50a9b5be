-- name: find_seen
-- kind: maybe
-- purpose: an item by its id: one on offer, or the reader's own
-- type: user_id? = UUID
-- embed: location = location_id, location_slug AS slug, location_city AS city, location_country AS country
-- index: items_pkey
SELECT
    i.id,
    i.name,
    i.description,
    i.price,
    i.currency,
    i.is_active,
    i.created_at,
    i.updated_at,
    i.version,
    c.id AS "category.id",
    c.slug AS "category.slug",
    c.path AS "category.path",
    l.id AS location_id,
    l.slug AS location_slug,
    l.city AS location_city,
    l.country AS location_country
FROM app.items AS i
JOIN master.categories AS c ON c.id = i.category_id
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.id = @id AND (i.is_active OR i.user_id = @user_id)
