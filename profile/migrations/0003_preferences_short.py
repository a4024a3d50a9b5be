"""Bound what is kept of preferences, whoever writes them: numbers grow where jsonb writes them out, and nothing held all."""

from django.db import migrations, models

from freehold.documents import is_short
from freehold.operations import AddCheck


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("profile", "0002_profile_version")]

    operations = [
        AddCheck(
            "profile",
            models.CheckConstraint(
                condition=is_short("preferences", 262144),
                name="profiles_preferences_short",
                violation_error_message="Preferences are a JSON object of at most 256 KiB.",
            ),
        ),
    ]
