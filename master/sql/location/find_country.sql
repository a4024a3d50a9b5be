-- name: find_country
-- kind: maybe
-- purpose: the row that stands for the country of a code of ISO 3166-1
-- index: locations_country_uniq
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name
FROM master.locations AS l
WHERE l.country = @country AND l.city = ''
