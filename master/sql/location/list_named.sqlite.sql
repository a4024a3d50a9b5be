SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name
FROM "master.locations" AS l
WHERE substr(upper(l.city), 1, length(@text)) = upper(@text)
    OR (l.city = '' AND substr(upper(l.country_name), 1, length(@text)) = upper(@text))
    OR substr(l.slug, 1, length(@slug)) = @slug
ORDER BY coalesce(l.population, 0) DESC, l.slug
LIMIT @rows
