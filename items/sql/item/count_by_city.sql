-- name: count_by_city
-- kind: many
-- purpose: each city of a country that has items on offer, with their number, by name
-- index: locations_country_city_idx, items_location_created_at_idx
SELECT l.slug, l.city, l.region, count(*) AS items
FROM app.items AS i
JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active AND l.country = @country AND l.city <> ''
GROUP BY l.slug, l.city, l.region
ORDER BY l.city, l.slug
