"""Let a revoked key stay revoked, and a key stay the key to its project, whoever writes."""

from django.db import migrations

from freehold.operations import RunPostgreSQL, RunSQLite

REVOKED = "app.api_keys: a key that was revoked stays revoked, since the same moment"
ANOTHER = "app.api_keys: a key is for one project and has one hash, both for good"
REFUSE = f"""
CREATE FUNCTION app.keep_api_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.revoked_at IS DISTINCT FROM NEW.revoked_at AND OLD.revoked_at IS NOT NULL THEN
        RAISE '{REVOKED}' USING ERRCODE = 'insufficient_privilege', HINT = 'Issue another key.';
    END IF;
    RAISE '{ANOTHER}' USING ERRCODE = 'insufficient_privilege', HINT = 'Issue another key.';
END
$$
"""
CHANGED = (
    "OLD.revoked_at IS NOT NULL AND OLD.revoked_at IS DISTINCT FROM NEW.revoked_at "
    "OR (OLD.id, OLD.project_id, OLD.key_hash) IS DISTINCT FROM (NEW.id, NEW.project_id, NEW.key_hash)"
)
TRIGGER = f"""
CREATE TRIGGER api_keys_stay AFTER UPDATE ON app.api_keys FOR EACH ROW WHEN ({CHANGED})
EXECUTE FUNCTION app.keep_api_key()
"""
TRIGGERS_SQLITE = {
    "app.api_keys_stay_revoked": (
        "OLD.revoked_at IS NOT NULL AND OLD.revoked_at IS NOT NEW.revoked_at",
        REVOKED,
    ),
    "app.api_keys_stay_the_same": (
        "OLD.id IS NOT NEW.id OR OLD.project_id IS NOT NEW.project_id OR OLD.key_hash IS NOT NEW.key_hash",
        ANOTHER,
    ),
}


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0011_tickets")]

    operations = [
        RunPostgreSQL(REFUSE, "DROP FUNCTION app.keep_api_key()"),
        RunPostgreSQL("REVOKE EXECUTE ON FUNCTION app.keep_api_key() FROM PUBLIC", ""),
        RunPostgreSQL(TRIGGER, "DROP TRIGGER api_keys_stay ON app.api_keys"),
        *(
            RunSQLite(
                [
                    f'CREATE TRIGGER "{name}" AFTER UPDATE ON "app.api_keys" WHEN {changed} '
                    f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
                ],
                [f'DROP TRIGGER "{name}"'],
            )
            for name, (changed, words) in TRIGGERS_SQLITE.items()
        ),
    ]
