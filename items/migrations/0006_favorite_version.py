"""Let the database count the versions of favorites."""

from django.db import migrations, models

from freehold.versions import CountedVersion


class Migration(migrations.Migration):
    dependencies = [("items", "0005_item_image_version"), ("freehold", "0005_count_versions")]

    operations = [
        migrations.AddField(
            "Favorite",
            "version",
            models.BigIntegerField(
                db_default=1,
                default=1,
                editable=False,
                help_text="Goes up with every change, so that nobody overwrites what they have not seen.",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint("Favorite", CountedVersion(name="favorites_version_counted")),
    ]
