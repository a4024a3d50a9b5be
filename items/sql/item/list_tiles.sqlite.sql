SELECT
    i.id,
    i.name,
    i.price,
    i.currency,
    l.city,
    l.country_name,
    (SELECT m.url FROM "app.item_images" AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_url,
    (SELECT m.alt FROM "app.item_images" AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_alt
FROM "app.items" AS i
LEFT JOIN "master.locations" AS l ON l.id = i.location_id
WHERE i.is_active
-- if: words
    AND NOT EXISTS (
        SELECT 1
        FROM json_each(@words) AS w
        WHERE instr(
            lower(' ' || replace(i.name || ' ' || i.description, char(10), ' ')), ' ' || lower(w.value)
        ) = 0
    )
-- end
-- if: category
    AND i.category_id IN (
        SELECT b.id
        FROM "master.categories" AS b
        WHERE b.path = @category OR substr(b.path, 1, length(@category) + 1) = @category || '/'
    )
-- end
-- if: place
    AND i.location_id IN (
        SELECT p.id
        FROM "master.locations" AS w
        JOIN "master.locations" AS p ON p.id = w.id OR (w.city = '' AND p.country = w.country)
        WHERE w.slug = @place
    )
-- end
-- if: price
    AND i.price_cents >= @least_cents AND i.price_cents <= @most_cents
-- end
-- if: currency
    AND i.currency = @currency
-- end
ORDER BY i.created_at DESC, i.id DESC
LIMIT @rows OFFSET @start
