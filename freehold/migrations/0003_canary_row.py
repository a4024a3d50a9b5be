"""Put the row into public.canary that no service may see."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

MESSAGE = "a service that sees this row is not held by policies"
# Only now: row-level security that is forced holds for the owner too, who has no policy before `migrate` ends.
FORCE = "ALTER TABLE public.canary FORCE ROW LEVEL SECURITY"
LET_OWNER = "ALTER TABLE public.canary NO FORCE ROW LEVEL SECURITY"


def put(apps, schema_editor):
    """Make the row."""
    canaries = apps.get_model("freehold", "Canary").objects.using(schema_editor.connection.alias)
    canaries.create(message=MESSAGE)


def take(apps, schema_editor):
    """Delete every row."""
    apps.get_model("freehold", "Canary").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("freehold", "0002_canary")]

    operations = [migrations.RunPython(put, take), RunPostgreSQL(FORCE, LET_OWNER)]
