"""Let a membership stay one user's in one tenant, whoever writes: what hangs on it, such as invitations, stays there."""

from django.db import migrations

from freehold.operations import RunPostgreSQL, RunSQLite

ANOTHER = "app.memberships: a membership is one user''s in one tenant, both for good"  # quoted in a text of SQL
REFUSE = f"""
CREATE FUNCTION app.keep_membership() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE '{ANOTHER}' USING ERRCODE = 'insufficient_privilege', HINT = 'Make another membership.';
END
$$
"""
TRIGGER = """
CREATE TRIGGER memberships_stay AFTER UPDATE ON app.memberships FOR EACH ROW
WHEN ((OLD.id, OLD.tenant_id, OLD.user_id) IS DISTINCT FROM (NEW.id, NEW.tenant_id, NEW.user_id))
EXECUTE FUNCTION app.keep_membership()
"""
TRIGGER_SQLITE = f"""
CREATE TRIGGER "app.memberships_stay" AFTER UPDATE ON "app.memberships"
WHEN OLD.id IS NOT NEW.id OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.user_id IS NOT NEW.user_id
BEGIN SELECT RAISE(ABORT, '{ANOTHER}'); END
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0021_unique_key_hash")]

    operations = [
        RunPostgreSQL(REFUSE, "DROP FUNCTION app.keep_membership()"),
        RunPostgreSQL("REVOKE EXECUTE ON FUNCTION app.keep_membership() FROM PUBLIC", ""),
        RunPostgreSQL(TRIGGER, "DROP TRIGGER memberships_stay ON app.memberships"),
        RunSQLite([TRIGGER_SQLITE], ['DROP TRIGGER "app.memberships_stay"']),
    ]
