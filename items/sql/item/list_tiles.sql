-- name: list_tiles
-- kind: many
-- purpose: what a numbered page shows of the items on offer, each with the first of its images; conditions are those of
--   `list_items`, which goes by keys
-- sort: newest = i.created_at DESC, i.id DESC
-- sort: cheapest = i.currency, i.price_cents, i.created_at DESC, i.id DESC
-- sort: dearest = i.currency, i.price_cents DESC, i.created_at DESC, i.id DESC
-- sort: name = i.name, i.created_at DESC, i.id DESC
-- most: 128
-- index: those of list_items
SELECT
    i.id,
    i.name,
    i.price,
    i.currency,
    l.city,
    l.country_name,
    (SELECT m.url FROM app.item_images AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_url,
    (SELECT m.alt FROM app.item_images AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_alt
FROM app.items AS i
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active
-- if: words
    AND i.id IN (SELECT found FROM app.search_items(@words) AS found)
-- end
-- if: category
    AND i.category_id IN (
        SELECT b.id FROM master.categories AS b WHERE b.path = @category OR b.path ^@ (@category || '/')
    )
-- end
-- if: place
    AND i.location_id IN (
        SELECT p.id
        FROM master.locations AS w
        JOIN master.locations AS p ON p.id = w.id OR (w.city = '' AND p.country = w.country)
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
