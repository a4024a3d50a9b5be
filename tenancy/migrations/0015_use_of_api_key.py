"""Let the database find in one look whose key it is and what it may do, and note when it was used."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# At most once a minute, and not where somebody else is about to: no request waits for another. On a server that takes no
# writes a key works all the same.
USE = """
CREATE FUNCTION app.use_api_key(OUT tenant_id uuid, OUT scopes jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    proof text := current_setting('freehold.proof', true);
    found_id uuid;
    used_at timestamptz;
BEGIN
    IF proof IS NULL OR length(proof) <> 72 OR NOT starts_with(proof, 'api_key:') THEN
        RETURN;
    END IF;
    SELECT k.id, k.last_used_at, p.tenant_id, k.scopes INTO found_id, used_at, tenant_id, scopes
    FROM app.api_keys k
    JOIN app.projects p ON p.id = k.project_id
    WHERE k.key_hash = encode(sha256(convert_to(substr(proof, 9), 'UTF8')), 'hex')
        AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp());
    IF found_id IS NOT NULL
        AND (used_at IS NULL OR used_at < statement_timestamp() - interval '1 minute')
        AND NOT current_setting('transaction_read_only')::boolean
    THEN
        UPDATE app.api_keys k SET last_used_at = statement_timestamp()
        WHERE k.id = (
            SELECT f.id FROM app.api_keys f
            WHERE f.id = found_id AND f.last_used_at IS NOT DISTINCT FROM used_at
            FOR NO KEY UPDATE SKIP LOCKED
        );
    END IF;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0014_last_owner")]

    operations = [
        RunPostgreSQL(
            [USE, "REVOKE EXECUTE ON FUNCTION app.use_api_key() FROM PUBLIC"],
            "DROP FUNCTION IF EXISTS app.use_api_key()",
        ),
    ]
