-- name: find_item
-- kind: maybe
-- purpose: an item on offer by its id, with its category, where it is and what its seller is called: by the profile,
--   else by the account, never by an address
-- embed: location = location_id AS id, location_slug AS slug, location_city AS city, location_region AS region,
--   location_country AS country, location_country_name AS country_name
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
    coalesce(nullif(f.display_name, ''), u.display_name) AS seller_name,
    c.id AS "category.id",
    c.slug AS "category.slug",
    c.path AS "category.path",
    l.id AS location_id,
    l.slug AS location_slug,
    l.city AS location_city,
    l.region AS location_region,
    l.country AS location_country,
    l.country_name AS location_country_name
FROM app.items AS i
JOIN auth."user" AS u ON u.id = i.user_id
JOIN master.categories AS c ON c.id = i.category_id
LEFT JOIN app.profiles AS f ON f.user_id = i.user_id
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active AND i.id = @id
