"""Let the history keep what ran and who accepted what, and let the database refuse that a row is rewritten."""

from django.db import migrations, models

from freehold.operations import RunPostgreSQL, RunSQLite

# Beyond its right, which the owner has not, and beyond its triggers, which fire whatever session_replication_role is.
MAKE = [
    """
    CREATE OR REPLACE FUNCTION public.refuse_history_change() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $function$
BEGIN
    RAISE EXCEPTION 'public.migration_history is append-only: % is refused', lower(TG_OP)
        USING ERRCODE = 'insufficient_privilege', HINT = 'manage.py history repair adds a row and changes none';
END
$function$
    """,
    "REVOKE ALL ON FUNCTION public.refuse_history_change() FROM PUBLIC",
    """
    CREATE OR REPLACE TRIGGER migration_history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
        ON public.migration_history FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change()
    """,
    # Of each row as well: a statement on a table that this one is made to inherit from fires no other trigger here.
    """
    CREATE OR REPLACE TRIGGER migration_history_rows_append_only BEFORE UPDATE OR DELETE
        ON public.migration_history FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change()
    """,
    "ALTER TABLE public.migration_history ENABLE ALWAYS TRIGGER migration_history_append_only",
    "ALTER TABLE public.migration_history ENABLE ALWAYS TRIGGER migration_history_rows_append_only",
    "REVOKE UPDATE, DELETE, TRUNCATE ON public.migration_history FROM CURRENT_USER",
]
TAKE = [
    "GRANT UPDATE, DELETE, TRUNCATE ON public.migration_history TO CURRENT_USER",
    "DROP TRIGGER IF EXISTS migration_history_append_only ON public.migration_history",
    "DROP TRIGGER IF EXISTS migration_history_rows_append_only ON public.migration_history",
    "DROP FUNCTION IF EXISTS public.refuse_history_change()",
]

MAKE_SQLITE = [
    """
    CREATE TRIGGER IF NOT EXISTS "public.migration_history_update" BEFORE UPDATE ON "public.migration_history"
    BEGIN SELECT RAISE(ABORT, 'public.migration_history is append-only: update is refused'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS "public.migration_history_delete" BEFORE DELETE ON "public.migration_history"
    BEGIN SELECT RAISE(ABORT, 'public.migration_history is append-only: delete is refused'); END
    """,
    # INSERT OR REPLACE deletes without a word to the trigger above, unless recursive_triggers is on.
    """
    CREATE TRIGGER IF NOT EXISTS "public.migration_history_replace" BEFORE INSERT ON "public.migration_history"
    WHEN EXISTS (SELECT 1 FROM "public.migration_history" WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'public.migration_history is append-only: replace is refused'); END
    """,
]
TAKE_SQLITE = [
    f'DROP TRIGGER IF EXISTS "public.migration_history_{event}"' for event in ("update", "delete", "replace")
]


def make_text(name, help_text):
    """Give the operation that adds a text column, empty in the rows there are and in those of an older release."""
    field = models.TextField(blank=True, db_default="", default="", help_text=help_text, verbose_name=name)
    return migrations.AddField("MigrationHistory", name.replace(" ", "_"), field)


class Migration(migrations.Migration):
    dependencies = [("freehold", "0003_canary_row")]

    operations = [
        make_text("account", "The account of the operating system."),
        make_text("checksum before", "What was recorded, where a person accepted something else."),
        make_text("reason", "Why a person accepted it."),
        make_text("link", "SHA-256 over this row and the link before it."),
        migrations.AddField(
            "MigrationHistory",
            "sources",
            models.JSONField(
                blank=True, help_text="The text of what ran, by file name.", null=True, verbose_name="sources"
            ),
        ),
        migrations.AlterField(
            "MigrationHistory",
            "checksum",
            models.TextField(
                blank=True,
                default="",
                help_text="SHA-256 of the sources, in hexadecimal digits.",
                verbose_name="checksum",
            ),
        ),
        migrations.AlterField(
            "MigrationHistory",
            "kind",
            models.TextField(
                choices=[("migrate", "migration"), ("seed", "seed"), ("history", "history")], verbose_name="kind"
            ),
        ),
        migrations.AlterField(
            "MigrationHistory",
            "outcome",
            models.TextField(
                choices=[
                    ("ok", "ok"),
                    ("failed", "failed"),
                    ("faked", "faked"),
                    ("accepted", "accepted"),
                    ("part", "in parts"),
                ],
                default="ok",
                verbose_name="outcome",
            ),
        ),
        migrations.RemoveConstraint("MigrationHistory", "migration_history_kind_check"),
        # lintmigrations: M203 M305 the new rule lets more pass, and the history is short
        migrations.AddConstraint(
            "MigrationHistory",
            models.CheckConstraint(
                condition=models.Q(("kind__in", ["migrate", "seed", "history"])), name="migration_history_kind_check"
            ),
        ),
        migrations.RemoveConstraint("MigrationHistory", "migration_history_end_check"),
        # lintmigrations: M203 M305 the new rule lets more pass, and the history is short
        migrations.AddConstraint(
            "MigrationHistory",
            models.CheckConstraint(
                condition=models.Q(("outcome__in", ["ok", "failed", "faked", "accepted", "part"])),
                name="migration_history_end_check",
            ),
        ),
        # The triggers come last: SQLite makes the table anew for each operation above, and loses them.
        RunPostgreSQL(MAKE, TAKE),
        RunSQLite(MAKE_SQLITE, TAKE_SQLITE),
    ]
