"""Let the database find who acts: tenants by the user's proof, and a key's tenant by the key's own.

A key's row has the digest of the digest from here on: what a process shows to the database is the first, and whoever
reads the table can't show it. No release before this one takes a key for a sign-in, so that none stops working.
"""

import hashlib

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from freehold.operations import RunPostgreSQL

LIST_TENANTS = """
CREATE OR REPLACE FUNCTION app.list_tenants_of_user(roles text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT m.tenant_id
    FROM app.memberships AS m
    WHERE m.user_id = ({user}) AND m.role = ANY (roles)
$$
"""
BY_PROOF = """
        SELECT CASE split_part(current_setting('freehold.proof', true), ':', 1)
            WHEN 'session' THEN auth.user_of_session()
        END
    """
BY_SETTING = "SELECT nullif(current_setting('freehold.user_id', true), '')::uuid"  # as 0005 made it
TENANT = """
CREATE OR REPLACE FUNCTION app.tenant_of_api_key() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    proof text := current_setting('freehold.proof', true);
    found uuid;
BEGIN
    IF proof IS NULL OR length(proof) <> 72 OR NOT starts_with(proof, 'api_key:') THEN
        RETURN NULL;
    END IF;
    SELECT p.tenant_id INTO found
    FROM app.api_keys k
    JOIN app.projects p ON p.id = k.project_id
    WHERE k.key_hash = encode(sha256(convert_to(substr(proof, 9), 'UTF8')), 'hex')
        AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp());
    RETURN found;
END
$$
"""
REVOKE = "REVOKE EXECUTE ON FUNCTION app.tenant_of_api_key() FROM PUBLIC"


def digest_hashes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    keys = apps.get_model("tenancy", "ApiKey").objects.using(schema_editor.connection.alias)
    for key, key_hash in list(keys.values_list("pk", "key_hash")):
        keys.filter(pk=key).update(key_hash=hashlib.sha256(key_hash.encode()).hexdigest())


def end_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """No way leads back from a digest: the release before takes none of the keys."""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0009_project_version"), ("auth_app", "0012_session_proof")]

    operations = [
        migrations.AlterField(
            "ApiKey",
            "key_hash",
            models.CharField(
                help_text="SHA-256 of the key's SHA-256, both in hexadecimal.", max_length=64, verbose_name="key hash"
            ),
        ),
        # lintmigrations: M301 keys are few
        migrations.AddIndex("ApiKey", models.Index(fields=["key_hash"], name="api_keys_key_hash_idx")),
        # lintmigrations: M314 keys are few
        migrations.RunPython(digest_hashes, end_keys),
        RunPostgreSQL(LIST_TENANTS.format(user=BY_PROOF), LIST_TENANTS.format(user=BY_SETTING)),
        RunPostgreSQL([TENANT, REVOKE], "DROP FUNCTION IF EXISTS app.tenant_of_api_key() CASCADE"),
    ]
