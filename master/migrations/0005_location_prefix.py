"""Index places by how they begin, whatever the database's collation."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

INDEXES = {
    "locations_city_prefix_idx": "(upper(city) text_pattern_ops)",
    "locations_country_name_prefix_idx": "(upper(country_name) text_pattern_ops) WHERE city = ''",
    "locations_slug_prefix_idx": "(slug text_pattern_ops)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("master", "0004_location_version")]

    operations = [
        RunPostgreSQL(
            f"CREATE INDEX CONCURRENTLY {name} ON master.locations {definition}",
            f"DROP INDEX CONCURRENTLY IF EXISTS master.{name}",
        )
        for name, definition in INDEXES.items()
    ]
