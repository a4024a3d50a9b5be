"""Hold moments of runs to the years that Python has: one of another, or infinity, could not be read again."""

import datetime

from django.db import migrations, models

from freehold.operations import AddCheck

FIRST, LAST = (moment.replace(tzinfo=datetime.UTC) for moment in (datetime.datetime.min, datetime.datetime.max))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("runs", "0009_run_search_flat")]

    operations = [
        AddCheck(
            "run",
            models.CheckConstraint(
                condition=models.Q(started_at__range=(FIRST, LAST)) & models.Q(finished_at__range=(FIRST, LAST)),
                name="runs_moments_check",
                violation_error_message="Moments lie in the years 1 to 9999, in UTC.",
            ),
        ),
    ]
