"""Let the database count the versions of projects."""

from django.db import migrations, models

from freehold.versions import CountedVersion


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0008_membership_version"), ("freehold", "0005_count_versions")]

    operations = [
        migrations.AddField(
            "Project",
            "version",
            models.BigIntegerField(
                db_default=1,
                default=1,
                editable=False,
                help_text="Goes up with every change, so that nobody overwrites what they have not seen.",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint("Project", CountedVersion(name="projects_version_counted")),
    ]
