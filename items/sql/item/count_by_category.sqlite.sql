SELECT c.path, count(*) AS items
FROM "app.items" AS i
JOIN "master.categories" AS c ON c.id = i.category_id
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
GROUP BY c.path
