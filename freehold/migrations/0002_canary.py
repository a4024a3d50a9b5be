"""Create public.canary, with row-level security on from the first moment."""

from django.db import migrations, models

from freehold.operations import RunPostgreSQL

TURN_ON = "ALTER TABLE public.canary ENABLE ROW LEVEL SECURITY"
TURN_OFF = "ALTER TABLE public.canary DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("freehold", "0001_migration_history")]

    operations = [
        migrations.CreateModel(
            name="Canary",
            fields=[("message", models.TextField(primary_key=True, serialize=False, verbose_name="message"))],
            options={
                "verbose_name": "canary",
                "verbose_name_plural": "canaries",
                "db_table": "public.canary",
                "default_permissions": (),
            },
        ),
        RunPostgreSQL(TURN_ON, TURN_OFF),
    ]
