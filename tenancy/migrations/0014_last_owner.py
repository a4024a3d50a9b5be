"""Let a tenant keep its last owner, whoever writes; where that account ends, the tenant goes with it.

The tenant's row is locked first: of two owners who demote each other at once, the second waits and is refused. A
transaction with an older snapshot would not see what the first did: it locks the other owners' rows, which fails then.
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL, RunSQLite

LAST = "app.memberships: a tenant keeps its last owner; make another member owner first"
KEEP = """
CREATE FUNCTION app.keep_last_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM app.tenants t WHERE t.id = OLD.tenant_id FOR NO KEY UPDATE;
    IF NOT FOUND AND TG_OP = 'DELETE' THEN
        RETURN NULL; -- the tenant has gone, and its members with it
    END IF;
    IF current_setting('transaction_isolation') = 'read committed' THEN
        PERFORM FROM app.memberships m WHERE m.tenant_id = OLD.tenant_id AND m.role = 'owner' LIMIT 1;
    ELSE
        PERFORM FROM app.memberships m WHERE m.tenant_id = OLD.tenant_id AND m.role = 'owner' FOR SHARE SKIP LOCKED;
    END IF;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' AND NOT auth.exists_user(OLD.user_id) THEN
        DELETE FROM app.tenants t WHERE t.id = OLD.tenant_id;
        RETURN NULL;
    END IF;
    RAISE '{last}' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
LEFT = """
CREATE FUNCTION app.list_tenants_left_by(users uuid[]) RETURNS TABLE (id uuid, name varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT t.id, t.name
    FROM app.tenants AS t
    WHERE EXISTS (
        SELECT FROM app.memberships AS m WHERE m.tenant_id = t.id AND m.role = 'owner' AND m.user_id = ANY (users)
    ) AND NOT EXISTS (
        SELECT FROM app.memberships AS m WHERE m.tenant_id = t.id AND m.role = 'owner' AND m.user_id <> ALL (users)
    )
    ORDER BY t.name, t.id
$$
"""
FUNCTIONS = {"keep_last_owner()": KEEP.format(last=LAST), "list_tenants_left_by(uuid[])": LEFT}
# Two triggers, since NEW is none where a row is deleted.
TRIGGERS = {
    "memberships_last_owner_leaves": "AFTER DELETE ON app.memberships FOR EACH ROW WHEN (OLD.role = 'owner')",
    "memberships_last_owner_changes": "AFTER UPDATE ON app.memberships FOR EACH ROW "
    "WHEN (OLD.role = 'owner' AND (OLD.role, OLD.tenant_id) IS DISTINCT FROM (NEW.role, NEW.tenant_id))",
}

WITHOUT_OWNER = (
    """OLD.role = 'owner' AND NOT EXISTS (SELECT 1 FROM "app.memberships" m WHERE m.tenant_id = OLD.tenant_id """
    "AND m.role = 'owner')"
)
TENANT_STAYS = 'EXISTS (SELECT 1 FROM "app.tenants" t WHERE t.id = OLD.tenant_id)'
USER_STAYS = 'EXISTS (SELECT 1 FROM "auth.user" u WHERE u.id = OLD.user_id)'
REFUSE = f"SELECT RAISE(ABORT, '{LAST}');"
TRIGGERS_SQLITE = {
    "app.memberships_last_owner_changes": ("UPDATE", WITHOUT_OWNER, REFUSE),
    "app.memberships_last_owner_leaves": ("DELETE", f"{WITHOUT_OWNER} AND {TENANT_STAYS} AND {USER_STAYS}", REFUSE),
    "app.memberships_last_owner_ends": (
        "DELETE",
        f"{WITHOUT_OWNER} AND NOT {USER_STAYS}",
        'DELETE FROM "app.tenants" WHERE id = OLD.tenant_id;',
    ),
}


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0013_project_of_api_key"), ("auth_app", "0018_exists_user")]

    operations = [
        *(
            operation
            for signature, create in FUNCTIONS.items()
            for operation in (
                RunPostgreSQL(create, f"DROP FUNCTION app.{signature}"),
                RunPostgreSQL(f"REVOKE EXECUTE ON FUNCTION app.{signature} FROM PUBLIC", ""),
            )
        ),
        *(
            RunPostgreSQL(
                f"CREATE TRIGGER {name} {definition} EXECUTE FUNCTION app.keep_last_owner()",
                f"DROP TRIGGER {name} ON app.memberships",
            )
            for name, definition in TRIGGERS.items()
        ),
        *(
            RunSQLite(
                [f'CREATE TRIGGER "{name}" AFTER {verb} ON "app.memberships" WHEN {when} BEGIN {body} END'],
                [f'DROP TRIGGER "{name}"'],
            )
            for name, (verb, when, body) in TRIGGERS_SQLITE.items()
        ),
    ]
