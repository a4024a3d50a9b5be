"""Let an owner whose rows belong to users learn whether an account is still there: its triggers run as that owner."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

EXISTS = """
CREATE FUNCTION auth.exists_user(sought uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (SELECT FROM auth."user" AS u WHERE u.id = sought) $$
"""


class Migration(migrations.Migration):
    dependencies = [("auth_app", "0017_end_sessions_as_owner")]

    operations = [
        RunPostgreSQL(
            [EXISTS, "REVOKE EXECUTE ON FUNCTION auth.exists_user(uuid) FROM PUBLIC"],
            "DROP FUNCTION auth.exists_user(uuid)",
        ),
    ]
