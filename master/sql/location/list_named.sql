-- name: list_named
-- kind: many
-- purpose: at most so many cities and countries whose name begins with a text, or whose slug with that of the text, the
--   largest first
-- type: slug?
-- index: locations_city_prefix_idx, locations_country_name_prefix_idx, locations_slug_prefix_idx
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name
FROM master.locations AS l
WHERE upper(l.city) ^@ upper(@text)
    OR (l.city = '' AND upper(l.country_name) ^@ upper(@text))
    OR l.slug ^@ @slug
ORDER BY coalesce(l.population, 0) DESC, l.slug
LIMIT @rows
