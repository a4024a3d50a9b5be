"""Index the words of runs and of their metadata, without keeping writers out."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# Of long metadata the beginning alone: PostgreSQL refuses a row whose words take more than a megabyte.
WORDS = """(
    to_tsvector('pg_catalog.simple', kind || ' ' || external_id) || CASE
        WHEN length(metadata::text) <= 50000
        THEN jsonb_to_tsvector('pg_catalog.simple', metadata, '["key", "string", "numeric"]')
        ELSE to_tsvector('pg_catalog.simple', "left"(metadata::text, 50000))
    END
)"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("runs", "0005_count_runs")]

    operations = [
        RunPostgreSQL(
            f"CREATE INDEX CONCURRENTLY runs_search_idx ON app.runs USING gin ({WORDS})",
            "DROP INDEX CONCURRENTLY IF EXISTS app.runs_search_idx",
        ),
    ]
