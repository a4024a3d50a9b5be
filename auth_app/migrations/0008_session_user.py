"""Create auth.session_user(text), which gives the id of a session's user for a digest of the session's key."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# The digest, since it stands in the same message as the first statement of a request, and so in the server's log where
# that statement is slow or fails: whoever reads it there can't sign in by it.
CREATE_INDEX = """
CREATE UNIQUE INDEX session_key_digest_idx ON auth.session (pg_catalog.encode(pg_catalog.sha256(session_key::bytea), 'hex'))
"""
# As session_principal, which gives more: the id alone costs half, and is what policies need.
CREATE_USER = """
CREATE FUNCTION auth.session_user(digest text) RETURNS uuid
LANGUAGE sql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.id
    FROM auth.session s
    JOIN auth."user" u ON u.id = s.user_id
    WHERE pg_catalog.encode(pg_catalog.sha256(s.session_key::bytea), 'hex') = digest
      AND s.expire_date > pg_catalog.now() AND u.is_active
$$
"""


class Migration(migrations.Migration):
    dependencies = [("auth_app", "0007_password_ends_sessions")]

    operations = [
        # lintmigrations: M201 M301 keys are unique, and so are their digests; sessions end, so that there are never many
        RunPostgreSQL(CREATE_INDEX, "DROP INDEX auth.session_key_digest_idx"),
        RunPostgreSQL(CREATE_USER, "DROP FUNCTION auth.session_user(text)"),
        RunPostgreSQL("REVOKE EXECUTE ON FUNCTION auth.session_user(text) FROM PUBLIC", ""),
    ]
