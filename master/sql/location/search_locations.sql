-- name: search_locations
-- kind: many
-- purpose: cities and countries whose name or slug begins with something, the largest first
-- index: locations_city_idx, locations_slug_uniq
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name, l.population
FROM master.locations AS l
WHERE upper(l.city) LIKE @name ESCAPE '!' OR l.city = '' AND upper(l.country_name) LIKE @name ESCAPE '!'
    OR l.slug LIKE @slug
ORDER BY coalesce(l.population, 0) DESC, l.slug
LIMIT @most
