"""Let the database count the versions of categories."""

from django.db import migrations, models

from freehold.versions import CountedVersion


class Migration(migrations.Migration):
    dependencies = [("master", "0002_location"), ("freehold", "0005_count_versions")]

    operations = [
        migrations.AddField(
            "Category",
            "version",
            models.BigIntegerField(
                db_default=1,
                default=1,
                editable=False,
                help_text="Goes up with every change, so that nobody overwrites what they have not seen.",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint("Category", CountedVersion(name="categories_version_counted")),
    ]
