"""Wait for a counter's row for 50 ms and not for half a second: meanwhile all threads of a process wait for the one."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

FUNCTIONS = ("take(text, bytea, integer, integer, integer)", "forget(text, bytea)")
SET = "ALTER FUNCTION limits.{} SET lock_timeout = '{}ms'"


class Migration(migrations.Migration):
    dependencies = [("limits", "0001_counter")]

    operations = [RunPostgreSQL(SET.format(each, 50), SET.format(each, 500)) for each in FUNCTIONS]
