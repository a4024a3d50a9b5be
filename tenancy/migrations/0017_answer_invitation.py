"""Let whoever was invited accept or decline: the one way into a tenant that exists, but for its owners' hands."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# Who asks is what the database finds, with the address of the account. The tenant's row is locked first, as a deletion of
# the tenant does; of two who accept at once, the second waits and finds the invitation answered.
ANSWER = """
CREATE FUNCTION app.answer_invitation(proof text, accepts boolean, OUT outcome text, OUT membership_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    digest text := encode(sha256(convert_to(proof, 'UTF8')), 'hex');
    asker record;
    found_row record;
BEGIN
    outcome := 'unknown';
    SELECT a.user_id, a.email INTO asker FROM auth.acting_user() a;
    IF asker.user_id IS NULL OR (proof ~ '^[0-9a-f]{64}$') IS NOT TRUE THEN
        RETURN;
    END IF;
    PERFORM FROM app.tenants t
    WHERE t.id = (SELECT i.tenant_id FROM app.invitations i WHERE i.secret_hash = digest) FOR KEY SHARE;
    SELECT i.id, i.tenant_id, i.email, i.role INTO found_row
    FROM app.invitations i
    JOIN app.memberships m ON m.id = i.inviter_id AND m.tenant_id = i.tenant_id
    WHERE i.secret_hash = digest AND i.accepted_at IS NULL AND i.declined_at IS NULL
        AND i.expires_at > statement_timestamp()
        AND (m.role = 'owner' OR m.role = 'admin' AND i.role IN ('member', 'viewer'))
    FOR UPDATE OF i;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF lower(found_row.email) <> lower(asker.email) THEN
        outcome := 'another';
    ELSIF NOT accepts THEN
        UPDATE app.invitations i SET declined_at = statement_timestamp() WHERE i.id = found_row.id;
        outcome := 'declined';
    ELSE
        INSERT INTO app.memberships (tenant_id, user_id, role)
        VALUES (found_row.tenant_id, asker.user_id, found_row.role)
        ON CONFLICT (tenant_id, user_id) DO NOTHING
        RETURNING id INTO membership_id;
        IF membership_id IS NULL THEN
            outcome := 'member';
            RETURN;
        END IF;
        UPDATE app.invitations i SET accepted_at = statement_timestamp() WHERE i.id = found_row.id;
        outcome := 'accepted';
    END IF;
END
$$
"""
SIGNATURE = "app.answer_invitation(text, boolean)"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0016_invitation"), ("auth_app", "0018_exists_user")]

    operations = [
        RunPostgreSQL(
            [ANSWER, f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC"], f"DROP FUNCTION IF EXISTS {SIGNATURE}"
        ),
    ]
