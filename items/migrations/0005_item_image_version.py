"""Let the database count the versions of images."""

from django.db import migrations, models

from freehold.versions import CountedVersion


class Migration(migrations.Migration):
    dependencies = [("items", "0004_item_version"), ("freehold", "0005_count_versions")]

    operations = [
        migrations.AddField(
            "ItemImage",
            "version",
            models.BigIntegerField(
                db_default=1,
                default=1,
                editable=False,
                help_text="Goes up with every change, so that nobody overwrites what they have not seen.",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint("ItemImage", CountedVersion(name="item_images_version_counted")),
    ]
