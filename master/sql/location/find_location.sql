-- name: find_location
-- kind: maybe
-- purpose: the city or country of a slug
-- index: locations_slug_uniq
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name
FROM master.locations AS l
WHERE l.slug = @slug
