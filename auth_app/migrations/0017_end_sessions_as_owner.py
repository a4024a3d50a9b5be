"""End a user's sessions with the rights of the owner, whoever changes the password."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

DEFINER = "ALTER FUNCTION auth.end_sessions() SECURITY DEFINER"
INVOKER = "ALTER FUNCTION auth.end_sessions() SECURITY INVOKER"


class Migration(migrations.Migration):
    dependencies = [("auth_app", "0016_powers")]

    operations = [RunPostgreSQL(DEFINER, INVOKER)]
