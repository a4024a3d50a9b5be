"""The same list of items by others, for benchmarks.api: as their manuals have it, without authentication and policies.

Each module has an `application` that granian serves. They connect as a superuser, whom row-level security does not
hold, and their packages are none of the project's: benchmarks.api says what to install.
"""

import os

# The one page that all of them give, as SQL: the first of those on offer, one row more to know of the next.
COLUMNS = """
    i.id, i.name, i.price, i.price_cents, i.currency, i.created_at,
    c.id AS category_id, c.slug AS category_slug,
    l.id AS location_id, l.city AS location_city, l.country AS location_country
"""
PAGE = f"""
    SELECT {COLUMNS}
    FROM app.items AS i
    JOIN master.categories AS c ON c.id = i.category_id
    LEFT JOIN master.locations AS l ON l.id = i.location_id
    WHERE i.is_active
    ORDER BY i.created_at DESC, i.id DESC
    LIMIT $1
"""
DSN = os.environ.get("PEERS_DSN", "")  # libpq's, as a superuser
