"""Create public.count_version(), which the triggers of freehold.versions.CountedVersion run."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# OLD.version + 1 is what the release before sends, which counts for itself. It runs with the rights of whoever writes
# the row. Who makes triggers needs EXECUTE: the owners of schemas, to whom `migrate` grants it.
MAKE = [
    """
    CREATE OR REPLACE FUNCTION public.count_version() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $function$
BEGIN
    IF NEW.version IS DISTINCT FROM OLD.version AND NEW.version IS DISTINCT FROM OLD.version + 1 THEN
        RAISE EXCEPTION '%.%: someone saved this row after it was read; read it again, then save', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = '23V01', DETAIL = format('Version %s was read, and version %s is there.', NEW.version, OLD.version),
                SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'version', CONSTRAINT = TG_NAME;
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$function$
    """,
    "REVOKE ALL ON FUNCTION public.count_version() FROM PUBLIC",
]
TAKE = "DROP FUNCTION IF EXISTS public.count_version()"


class Migration(migrations.Migration):
    dependencies = [("freehold", "0004_append_only_history")]

    operations = [RunPostgreSQL(MAKE, TAKE)]
