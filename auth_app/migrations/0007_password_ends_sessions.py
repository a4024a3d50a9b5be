"""End a user's sessions when the password changes, in the database."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# Django ends a session whose user has another password by comparing hashes. What asks the function sees no hash, so
# the sessions end in the database; the one that changed the password gets a new key from Django just afterwards.
CREATE_END = """
CREATE FUNCTION auth.end_sessions() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM auth.session WHERE session.user_id = NEW.id;
    RETURN NULL;
END
$$
"""
CREATE_TRIGGER = """
CREATE TRIGGER user_password_ends_sessions AFTER UPDATE OF password ON auth."user"
FOR EACH ROW WHEN (OLD.password IS DISTINCT FROM NEW.password) EXECUTE FUNCTION auth.end_sessions()
"""


class Migration(migrations.Migration):
    dependencies = [("auth_app", "0006_session_principal")]

    operations = [
        RunPostgreSQL(CREATE_END, "DROP FUNCTION auth.end_sessions()"),
        RunPostgreSQL(CREATE_TRIGGER, 'DROP TRIGGER user_password_ends_sessions ON auth."user"'),
    ]
