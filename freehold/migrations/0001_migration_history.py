"""Create the table that every later migration and seed is written down in."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="MigrationHistory",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField(choices=[("migrate", "migration"), ("seed", "seed")], verbose_name="kind")),
                ("direction", models.TextField(choices=[("up", "up"), ("down", "down")], verbose_name="direction")),
                ("app", models.TextField(verbose_name="app")),
                ("name", models.TextField(verbose_name="name")),
                (
                    "checksum",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="SHA-256 of the source, in hexadecimal digits.",
                        verbose_name="checksum",
                    ),
                ),
                (
                    "owner_role",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="The role it ran as; empty on SQLite.",
                        verbose_name="owner role",
                    ),
                ),
                (
                    "login",
                    models.TextField(
                        help_text="Who was connected; on SQLite, the account of the process.", verbose_name="login"
                    ),
                ),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="started")),
                ("duration", models.DurationField(verbose_name="duration")),
                (
                    "outcome",
                    models.TextField(
                        choices=[("ok", "ok"), ("failed", "failed")], default="ok", verbose_name="outcome"
                    ),
                ),
                (
                    "code_version",
                    models.TextField(
                        blank=True, default="", help_text="The commit that ran it.", verbose_name="code version"
                    ),
                ),
                (
                    "detail",
                    models.TextField(
                        blank=True, default="", help_text="What went wrong, or what was done.", verbose_name="detail"
                    ),
                ),
            ],
            options={
                "verbose_name": "history entry",
                "verbose_name_plural": "migration history",
                "db_table": "public.migration_history",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["kind", "app", "name", "-id"], name="migration_history_newest_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["migrate", "seed"])), name="migration_history_kind_check"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["up", "down"])), name="migration_history_way_check"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["ok", "failed"])), name="migration_history_end_check"
                    ),
                ],
            },
        ),
    ]
