-- name: count_by_country
-- kind: many
-- purpose: each country that has items on offer, with their number, by name
-- index: items_location_created_at_idx
SELECT l.country, l.country_name, count(*) AS items
FROM app.items AS i
JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active
GROUP BY l.country, l.country_name
ORDER BY l.country_name
