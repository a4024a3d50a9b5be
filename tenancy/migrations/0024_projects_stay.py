"""Let a project stay its tenant's, whoever writes: its runs and keys would go with it to people who never saw them."""

from django.db import migrations

from freehold.operations import RunPostgreSQL, RunSQLite

ANOTHER = "app.projects: a project is of one tenant, for good"
REFUSE = f"""
CREATE FUNCTION app.keep_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE '{ANOTHER}' USING ERRCODE = 'insufficient_privilege', HINT = 'Make another project.';
END
$$
"""
TRIGGER = """
CREATE TRIGGER projects_stay AFTER UPDATE ON app.projects FOR EACH ROW
WHEN ((OLD.id, OLD.tenant_id) IS DISTINCT FROM (NEW.id, NEW.tenant_id))
EXECUTE FUNCTION app.keep_project()
"""
TRIGGER_SQLITE = f"""
CREATE TRIGGER "app.projects_stay" AFTER UPDATE ON "app.projects"
WHEN OLD.id IS NOT NEW.id OR OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, '{ANOTHER}'); END
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0023_look_at_invitation")]

    operations = [
        RunPostgreSQL(REFUSE, "DROP FUNCTION app.keep_project()"),
        RunPostgreSQL("REVOKE EXECUTE ON FUNCTION app.keep_project() FROM PUBLIC", ""),
        RunPostgreSQL(TRIGGER, "DROP TRIGGER projects_stay ON app.projects"),
        RunSQLite([TRIGGER_SQLITE], ['DROP TRIGGER "app.projects_stay"']),
    ]
