"""Let the database find a key's project, by the key's own proof: policies hold a key to it."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

PROJECT = """
CREATE FUNCTION app.project_of_api_key() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    proof text := current_setting('freehold.proof', true);
    found uuid;
BEGIN
    IF proof IS NULL OR length(proof) <> 72 OR NOT starts_with(proof, 'api_key:') THEN
        RETURN NULL;
    END IF;
    SELECT k.project_id INTO found
    FROM app.api_keys k
    WHERE k.key_hash = encode(sha256(convert_to(substr(proof, 9), 'UTF8')), 'hex')
        AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp());
    RETURN found;
END
$$
"""
REVOKE = "REVOKE EXECUTE ON FUNCTION app.project_of_api_key() FROM PUBLIC"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0012_keys_stay")]

    operations = [
        # With the policies that ask it: what a rollback leaves is mended by `ownership apply`.
        RunPostgreSQL([PROJECT, REVOKE], "DROP FUNCTION IF EXISTS app.project_of_api_key() CASCADE"),
    ]
