"""Let the database find the tenant of a service token, by the token's own proof, and note when it was used.

Policies ask none of these: a token reaches no table, and what it may do are functions that ask here.
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL

TENANT = """
CREATE FUNCTION app.tenant_of_service_token() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    proof text := current_setting('freehold.proof', true);
    found uuid;
BEGIN
    IF proof IS NULL OR length(proof) <> 72 OR NOT starts_with(proof, 'service:') THEN
        RETURN NULL;
    END IF;
    SELECT s.tenant_id INTO found
    FROM app.service_tokens s
    WHERE s.token_hash = encode(sha256(convert_to(substr(proof, 9), 'UTF8')), 'hex') AND s.revoked_at IS NULL;
    RETURN found;
END
$$
"""
# As app.use_api_key: at most once a minute, without waiting, and not on a server that takes no writes.
USE = """
CREATE FUNCTION app.use_service_token() RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tenant uuid := app.tenant_of_service_token();
BEGIN
    IF tenant IS NOT NULL AND NOT current_setting('transaction_read_only')::boolean THEN
        UPDATE app.service_tokens s SET last_used_at = statement_timestamp()
        WHERE s.id = (
            SELECT f.id FROM app.service_tokens f
            WHERE f.token_hash
                    = encode(sha256(convert_to(substr(current_setting('freehold.proof', true), 9), 'UTF8')), 'hex')
                AND (f.last_used_at IS NULL OR f.last_used_at < statement_timestamp() - interval '1 minute')
            FOR NO KEY UPDATE SKIP LOCKED
        );
    END IF;
    RETURN tenant;
END
$$
"""
MAY = """
CREATE FUNCTION app.may_report_to(project uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM app.projects AS p
        WHERE p.id = project AND p.tenant_id = (SELECT app.tenant_of_service_token())
    )
$$
"""
FUNCTIONS = {"tenant_of_service_token()": TENANT, "use_service_token()": USE, "may_report_to(uuid)": MAY}


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0018_service_token")]

    operations = [
        *(
            RunPostgreSQL(
                [create, f"REVOKE EXECUTE ON FUNCTION app.{signature} FROM PUBLIC"],
                f"DROP FUNCTION IF EXISTS app.{signature}",
            )
            for signature, create in FUNCTIONS.items()
        ),
    ]
