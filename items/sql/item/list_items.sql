-- name: list_items
-- kind: many
-- purpose: items on offer with their categories and where they are, a page of them; not the reader's own alone. `words`
--   are the beginnings or the stems of words, `category` is a path and means all below it too, `place` a slug, and a
--   country's means all its cities; prices are in hundredths, of whatever currency unless that is given
-- sort: newest = i.created_at DESC, i.id DESC
-- sort: cheapest = i.currency, i.price_cents, i.id
-- sort: dearest = i.currency, i.price_cents DESC, i.id DESC
-- sort: name = i.name, i.id
-- page: 50 200
-- most: 256
-- type: price_cents!
-- embed: location = location_id, location_city AS city, location_country AS country
-- index: items_created_at_idx, items_category_created_at_idx, items_location_created_at_idx, items_price_cents_idx,
--   items_name_idx, items_search_idx
SELECT
    i.id,
    i.name,
    i.price,
    i.price_cents,
    i.currency,
    i.created_at,
    c.id AS "category.id",
    c.slug AS "category.slug",
    l.id AS location_id,
    l.city AS location_city,
    l.country AS location_country
FROM app.items AS i
JOIN master.categories AS c ON c.id = i.category_id
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
-- after
