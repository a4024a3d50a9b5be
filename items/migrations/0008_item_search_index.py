"""Index the words of items, as they stand and by their stems, without keeping writers out."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# The beginning of a text alone: PostgreSQL refuses a row whose words take more than a megabyte.
TEXT = "name || ' ' || \"left\"(description, 50000)"
WORDS = f"(to_tsvector('pg_catalog.english', {TEXT}) || to_tsvector('pg_catalog.simple', {TEXT}))"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("items", "0007_item_price_cents")]

    operations = [
        RunPostgreSQL(
            f"CREATE INDEX CONCURRENTLY items_search_idx ON app.items USING gin ({WORDS})",
            "DROP INDEX CONCURRENTLY IF EXISTS app.items_search_idx",
        ),
    ]
