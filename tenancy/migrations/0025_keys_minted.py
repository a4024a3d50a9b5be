"""Let the database make keys: a service that inserts one can't choose its hash.

Who may insert a hash of their choice turns another's key to a project of their own, once the row that had it is deleted:
its holder would report there. What a service sends as the hash is replaced by that of a key made here, which this
transaction reads as `freehold.minted_key`. Whoever may write each row anyway writes what they say: owners, and the back
office, which restores fixtures.
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# Of a function with its owner's rights `role` says who called: the role of a connection that became a service.
MINT = """
CREATE FUNCTION app.mint_api_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    writer text := coalesce(nullif(current_setting('role'), 'none'), session_user);
    minted text := '';
BEGIN
    IF NOT pg_has_role(writer, (SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.oid = TG_RELID), 'MEMBER')
        AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_policy p
            WHERE p.polrelid = TG_RELID AND p.polcmd = '*' AND p.polpermissive
                AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                AND EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = writer AND r.oid = ANY (p.polroles))
        )
    THEN
        minted := NEW.prefix || '_' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
        NEW.key_hash := encode(sha256(convert_to(encode(sha256(convert_to(minted, 'UTF8')), 'hex'), 'UTF8')), 'hex');
    END IF;
    PERFORM set_config('freehold.minted_key', minted, true);
    RETURN NEW;
END
$$
"""
TRIGGER = """
CREATE TRIGGER api_keys_minted BEFORE INSERT ON app.api_keys FOR EACH ROW EXECUTE FUNCTION app.mint_api_key()
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0024_projects_stay")]

    operations = [
        RunPostgreSQL(MINT, "DROP FUNCTION app.mint_api_key()"),
        RunPostgreSQL("REVOKE EXECUTE ON FUNCTION app.mint_api_key() FROM PUBLIC", ""),
        RunPostgreSQL(TRIGGER, "DROP TRIGGER api_keys_minted ON app.api_keys"),
    ]
