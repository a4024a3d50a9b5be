"""Create auth.user_of_session(), which finds who acts by the proof of a session: policies ask it."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# The form comes first: a proof is whatever a service says. The row has the digest of the proof (auth_app.proofs).
USER = """
CREATE OR REPLACE FUNCTION auth.user_of_session() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    proof text := current_setting('freehold.proof', true);
    found uuid;
BEGIN
    IF proof IS NULL OR length(proof) <> 72 OR NOT starts_with(proof, 'session:') THEN
        RETURN NULL;
    END IF;
    SELECT u.id INTO found
    FROM auth.session s
    JOIN auth."user" u ON u.id = s.user_id
    WHERE s.session_key = encode(sha256(convert_to(substr(proof, 9), 'UTF8')), 'hex')
        AND s.expire_date > statement_timestamp() AND u.is_active;
    RETURN found;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("auth_app", "0011_oauth_account_version")]

    operations = [
        RunPostgreSQL(
            [USER, "REVOKE EXECUTE ON FUNCTION auth.user_of_session() FROM PUBLIC"],
            "DROP FUNCTION IF EXISTS auth.user_of_session() CASCADE",
        ),
    ]
