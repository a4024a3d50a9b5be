"""Hold runs to the order of their states: from queued to running to an end, which is final. A queued one may end too."""

from django.db import migrations

from freehold.operations import RunPostgreSQL, RunSQLite

LINE = (
    "app.runs: this status can't follow the one that the run has; an ended run stays as it is, and none is queued again"
)
REFUSE = f"""
CREATE FUNCTION app.refuse_run_status() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE '{LINE.replace("'", "''")}' USING ERRCODE = 'check_violation', DETAIL = format('It is %s, and %s came.', OLD.status, NEW.status),
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'status', CONSTRAINT = TG_NAME;
END
$$
"""
WHEN = "OLD.status <> NEW.status AND NOT (OLD.status IN ('queued', 'running') AND NEW.status <> 'queued')"


class Migration(migrations.Migration):
    dependencies = [("runs", "0002_run_version")]

    operations = [
        RunPostgreSQL(REFUSE, "DROP FUNCTION app.refuse_run_status()"),
        RunPostgreSQL("REVOKE EXECUTE ON FUNCTION app.refuse_run_status() FROM PUBLIC", ""),
        RunPostgreSQL(
            f"CREATE TRIGGER runs_status_follows BEFORE UPDATE ON app.runs FOR EACH ROW WHEN ({WHEN}) "
            "EXECUTE FUNCTION app.refuse_run_status()",
            "DROP TRIGGER runs_status_follows ON app.runs",
        ),
        RunSQLite(
            [
                f'CREATE TRIGGER "app.runs_status_follows" BEFORE UPDATE ON "app.runs" WHEN {WHEN} '
                f"BEGIN SELECT RAISE(ABORT, '{LINE.replace(chr(39), chr(39) * 2)}'); END"
            ],
            ['DROP TRIGGER "app.runs_status_follows"'],
        ),
    ]
