"""Let the database count the versions of linked accounts."""

from django.db import migrations, models

from freehold.versions import CountedVersion


class Migration(migrations.Migration):
    dependencies = [("auth_app", "0010_user_version"), ("freehold", "0005_count_versions")]

    operations = [
        migrations.AddField(
            "OAuthAccount",
            "version",
            models.BigIntegerField(
                db_default=1,
                default=1,
                editable=False,
                help_text="Goes up with every change, so that nobody overwrites what they have not seen.",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint("OAuthAccount", CountedVersion(name="oauth_account_version_counted")),
    ]
