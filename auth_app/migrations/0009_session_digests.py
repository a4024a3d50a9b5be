"""Keep a digest of each session's proof in place of the session's key, and ask for sessions by the proof.

Nobody is signed out: what is in the browsers stays as it is, and its row is found by the digest of its digest.
"""

import hashlib

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from freehold.operations import RunPostgreSQL

# As auth_app.proofs makes it: the SHA-256 of the proof, which is the SHA-256 of the key, each in hexadecimal. Rows that
# have it are left alone; a key has 40 characters at most.
DIGEST_KEYS = """
UPDATE auth.session
SET session_key = pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
    pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(session_key, 'UTF8')), 'hex'), 'UTF8')), 'hex')
WHERE pg_catalog.length(session_key) < 64
"""
CREATE_INDEX = """
CREATE UNIQUE INDEX session_key_digest_idx ON auth.session (pg_catalog.encode(pg_catalog.sha256(session_key::bytea), 'hex'))
"""
# Replaced, since the rights of whoever may call them go with a function that is dropped. So their parameters keep the
# names that they had, whatever they are now: a proof both.
PRINCIPAL = """
CREATE OR REPLACE FUNCTION auth.session_principal(
    key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean
)
RETURNS SETOF record
LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.id, u.email::text, u.display_name::text, u.is_active, u.is_staff
    FROM auth.session s
    JOIN auth."user" u ON u.id = s.user_id
    WHERE {condition} AND s.expire_date > pg_catalog.now() AND u.is_active
$$
"""
USER = """
CREATE OR REPLACE FUNCTION auth.session_user(digest text) RETURNS uuid
LANGUAGE sql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.id
    FROM auth.session s
    JOIN auth."user" u ON u.id = s.user_id
    WHERE {condition}
      AND s.expire_date > pg_catalog.now() AND u.is_active
$$
"""
BY_PROOF = "s.session_key = pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to({parameter}, 'UTF8')), 'hex')"
# As 0006 and 0008 made them.
BY_KEY = "s.session_key = key"
BY_DIGEST_OF_KEY = "pg_catalog.encode(pg_catalog.sha256(s.session_key::bytea), 'hex') = digest"


def digest_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where the database can't: on PostgreSQL one statement did it."""
    sessions = apps.get_model("auth_app", "Session").objects.using(schema_editor.connection.alias)
    if schema_editor.connection.vendor == "postgresql":
        return
    for key in list(sessions.values_list("pk", flat=True)):
        if len(key) < 64:
            sessions.filter(pk=key).update(session_key=digest(digest(key)))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def end_all_sessions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """No way leads from a digest back to the key: everyone has to sign in again."""
    apps.get_model("auth_app", "Session").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("auth_app", "0008_session_user")]

    operations = [
        # The table is locked from here to the end, for seconds each hundred thousand sessions, and is to be: a session that
        # began between the steps would be left with its key.
        # lintmigrations: M302 the table is locked anyway
        RunPostgreSQL("DROP INDEX auth.session_key_digest_idx", CREATE_INDEX),
        migrations.AlterField(
            model_name="session",
            name="session_key",
            field=models.CharField(
                help_text="What auth_app.proofs makes of the key in the cookie. Nobody can sign in by it.",
                max_length=64,
                primary_key=True,
                serialize=False,
                verbose_name="session key",
            ),
        ),
        # lintmigrations: M314 together on purpose, as said above
        RunPostgreSQL(DIGEST_KEYS, ""),
        migrations.RunPython(digest_keys, end_all_sessions),
        RunPostgreSQL(PRINCIPAL.format(condition=BY_PROOF.format(parameter="key")), PRINCIPAL.format(condition=BY_KEY)),
        RunPostgreSQL(
            USER.format(condition=BY_PROOF.format(parameter="digest")), USER.format(condition=BY_DIGEST_OF_KEY)
        ),
    ]
