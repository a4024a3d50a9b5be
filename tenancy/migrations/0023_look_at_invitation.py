"""Let whoever was invited see to what, before they answer: another account learns nothing but that it is another's."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# What app.answer_invitation asks, without a lock. To another account than the address's all that has this secret is the same.
LOOK = """
CREATE FUNCTION app.look_at_invitation(
    proof text, OUT state text, OUT tenant text, OUT role text, OUT expires_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    asker record;
    found_row record;
BEGIN
    state := 'unknown';
    SELECT a.user_id, a.email INTO asker FROM auth.acting_user() a;
    IF asker.user_id IS NULL OR (proof ~ '^[0-9a-f]{64}$') IS NOT TRUE THEN
        RETURN;
    END IF;
    SELECT i.email, i.role, i.expires_at, t.name,
        i.accepted_at IS NOT NULL OR i.declined_at IS NOT NULL AS is_answered,
        m.role = 'owner' OR m.role = 'admin' AND i.role IN ('member', 'viewer') AS is_good,
        EXISTS (
            SELECT FROM app.memberships o WHERE o.tenant_id = i.tenant_id AND o.user_id = asker.user_id
        ) AS is_member
    INTO found_row
    FROM app.invitations i
    JOIN app.tenants t ON t.id = i.tenant_id
    JOIN app.memberships m ON m.id = i.inviter_id AND m.tenant_id = i.tenant_id
    WHERE i.secret_hash = encode(sha256(convert_to(look_at_invitation.proof, 'UTF8')), 'hex');
    IF NOT FOUND THEN
        RETURN;
    ELSIF lower(found_row.email) <> lower(asker.email) THEN
        state := 'another';
    ELSIF found_row.is_member THEN
        state := 'member';
        tenant := found_row.name;
    ELSIF found_row.is_answered THEN
        state := 'answered';
    ELSIF found_row.expires_at <= statement_timestamp() THEN
        state := 'expired';
    ELSIF found_row.is_good THEN
        state := 'open';
        tenant := found_row.name;
        role := found_row.role;
        expires_at := found_row.expires_at;
    END IF;
END
$$
"""
SIGNATURE = "app.look_at_invitation(text)"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0022_memberships_stay")]

    operations = [
        RunPostgreSQL(
            [LOOK, f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC"], f"DROP FUNCTION IF EXISTS {SIGNATURE}"
        ),
    ]
