-- name: count_by_category
-- kind: many
-- purpose: how many items on offer each category has that has any, by its path; conditions are those of `list_items`
-- index: items_search_idx, items_location_created_at_idx, items_price_cents_idx
SELECT c.path, count(*) AS items
FROM app.items AS i
JOIN master.categories AS c ON c.id = i.category_id
WHERE i.is_active
-- if: words
    AND i.id IN (SELECT found FROM app.search_items(@words) AS found)
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
GROUP BY c.path
