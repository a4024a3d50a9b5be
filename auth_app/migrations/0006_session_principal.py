"""Create auth.session_principal(text), which says whose a session is."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# Owned by the schema's owner and run with its rights: a service that may call it needs to read neither sessions nor
# password hashes. The search_path is pinned, so that nothing a caller makes can stand in for what it names.
CREATE_PRINCIPAL = """
CREATE FUNCTION auth.session_principal(
    key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean
)
RETURNS SETOF record
LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.id, u.email::text, u.display_name::text, u.is_active, u.is_staff
    FROM auth.session s
    JOIN auth."user" u ON u.id = s.user_id
    WHERE s.session_key = key AND s.expire_date > pg_catalog.now() AND u.is_active
$$
"""


class Migration(migrations.Migration):
    dependencies = [("auth_app", "0005_groups")]

    operations = [
        RunPostgreSQL(CREATE_PRINCIPAL, "DROP FUNCTION auth.session_principal(text)"),
        RunPostgreSQL("REVOKE EXECUTE ON FUNCTION auth.session_principal(text) FROM PUBLIC", ""),
    ]
