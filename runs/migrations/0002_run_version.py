"""Let the database count the versions of runs."""

from django.db import migrations, models

from freehold.versions import CountedVersion


class Migration(migrations.Migration):
    dependencies = [("runs", "0001_run"), ("freehold", "0005_count_versions")]

    operations = [
        # lintmigrations: M307 the column keeps its name, by which triggers and clients know it; a million rows take ten seconds
        migrations.AlterField(
            "Run",
            "version",
            models.BigIntegerField(
                db_default=1,
                default=1,
                editable=False,
                help_text="Goes up with every change, so that nobody overwrites what they have not seen.",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint("Run", CountedVersion(name="runs_version_counted")),
    ]
