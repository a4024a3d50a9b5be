"""Let the database count the versions of profiles."""

from django.db import migrations, models

from freehold.versions import CountedVersion


class Migration(migrations.Migration):
    dependencies = [("profile", "0001_profile"), ("freehold", "0005_count_versions")]

    operations = [
        migrations.AddField(
            "Profile",
            "version",
            models.BigIntegerField(
                db_default=1,
                default=1,
                editable=False,
                help_text="Goes up with every change, so that nobody overwrites what they have not seen.",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint("Profile", CountedVersion(name="profiles_version_counted")),
    ]
