"""Hold the moments at which runs were made and changed to the years that Python has, as the others are."""

import datetime

from django.db import migrations, models

from freehold.operations import AddCheck

FIRST, LAST = (moment.replace(tzinfo=datetime.UTC) for moment in (datetime.datetime.min, datetime.datetime.max))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("runs", "0010_run_moments")]

    operations = [
        AddCheck(
            "run",
            models.CheckConstraint(
                condition=models.Q(created_at__range=(FIRST, LAST)) & models.Q(updated_at__range=(FIRST, LAST)),
                name="runs_created_at_check",
                violation_error_message="Moments lie in the years 1 to 9999, in UTC.",
            ),
        ),
    ]
