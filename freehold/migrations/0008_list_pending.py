"""Create public.list_pending(text[]), by which a service learns whether its code's migrations are applied."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# A service reads nothing of schema public: it says what it knows, and hears which of that is missing.
MAKE = [
    """
    CREATE FUNCTION public.list_pending(names text[]) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $function$
SELECT coalesce(array_agg(n.name ORDER BY n.name), '{}')
FROM unnest(names) AS n (name)
WHERE n.name NOT IN (SELECT m.app || '.' || m.name FROM public.django_migrations AS m)
$function$
    """,
    "REVOKE ALL ON FUNCTION public.list_pending(text[]) FROM PUBLIC",
]
TAKE = "DROP FUNCTION public.list_pending(text[])"


class Migration(migrations.Migration):
    dependencies = [("freehold", "0007_remove_canary")]

    operations = [RunPostgreSQL(MAKE, TAKE)]
