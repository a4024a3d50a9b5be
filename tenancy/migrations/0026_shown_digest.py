# ruff: noqa: S105, S608 - what is put together is of this file; no text is a secret
"""Look at a key's or token's proof in one place: five functions had the same lines."""

from importlib import import_module

from django.db import migrations

from freehold.operations import RunPostgreSQL

# Its names are bound as it is made, so that it needs no search_path of its own, and the planner puts it in the place of
# the call: each request with a key asks it.
DIGEST = """
CREATE FUNCTION app.shown_digest(kind text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN length(current_setting('freehold.proof', true)) = length(kind) + 65
        AND starts_with(current_setting('freehold.proof', true), kind || ':')
    THEN encode(
        sha256(convert_to(substr(current_setting('freehold.proof', true), length(kind) + 2), 'UTF8')), 'hex'
    )
END
"""
GOOD = "k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp())"
TENANT_OF_KEY = f"""
CREATE OR REPLACE FUNCTION app.tenant_of_api_key() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT p.tenant_id
        FROM app.api_keys k
        JOIN app.projects p ON p.id = k.project_id
        WHERE k.key_hash = app.shown_digest('api_key') AND {GOOD}
    );
END
$$
"""
PROJECT_OF_KEY = f"""
CREATE OR REPLACE FUNCTION app.project_of_api_key() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT k.project_id FROM app.api_keys k WHERE k.key_hash = app.shown_digest('api_key') AND {GOOD});
END
$$
"""
USE_KEY = f"""
CREATE OR REPLACE FUNCTION app.use_api_key(OUT tenant_id uuid, OUT scopes jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_id uuid;
    used_at timestamptz;
BEGIN
    SELECT k.id, k.last_used_at, p.tenant_id, k.scopes INTO found_id, used_at, tenant_id, scopes
    FROM app.api_keys k
    JOIN app.projects p ON p.id = k.project_id
    WHERE k.key_hash = app.shown_digest('api_key') AND {GOOD};
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
TENANT_OF_TOKEN = """
CREATE OR REPLACE FUNCTION app.tenant_of_service_token() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT s.tenant_id FROM app.service_tokens s
        WHERE s.token_hash = app.shown_digest('service') AND s.revoked_at IS NULL
    );
END
$$
"""
USE_TOKEN = """
CREATE OR REPLACE FUNCTION app.use_service_token() RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tenant uuid := app.tenant_of_service_token();
BEGIN
    IF tenant IS NOT NULL AND NOT current_setting('transaction_read_only')::boolean THEN
        UPDATE app.service_tokens s SET last_used_at = statement_timestamp()
        WHERE s.id = (
            SELECT f.id FROM app.service_tokens f
            WHERE f.token_hash = app.shown_digest('service')
                AND (f.last_used_at IS NULL OR f.last_used_at < statement_timestamp() - interval '1 minute')
            FOR NO KEY UPDATE SKIP LOCKED
        );
    END IF;
    RETURN tenant;
END
$$
"""


def read(migration: str, name: str) -> str:
    """Give a function as an earlier migration made it."""
    text: str = getattr(import_module(f"tenancy.migrations.{migration}"), name)
    return text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0025_keys_minted")]

    operations = [
        RunPostgreSQL(
            [DIGEST, "REVOKE EXECUTE ON FUNCTION app.shown_digest(text) FROM PUBLIC"],
            "DROP FUNCTION app.shown_digest(text)",
        ),
        RunPostgreSQL(TENANT_OF_KEY, read("0010_proofs", "TENANT")),
        RunPostgreSQL(PROJECT_OF_KEY, read("0013_project_of_api_key", "PROJECT")),
        RunPostgreSQL(USE_KEY, read("0015_use_of_api_key", "USE")),
        RunPostgreSQL(TENANT_OF_TOKEN, read("0019_use_of_service_token", "TENANT")),
        RunPostgreSQL(USE_TOKEN, read("0019_use_of_service_token", "USE")),
    ]
