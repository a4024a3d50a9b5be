"""Create app.run_counts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0003_status_follows"),
        ("tenancy", "0014_last_owner"),
    ]

    operations = [
        migrations.CreateModel(
            name="RunCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "project_id",
                        "day",
                        "status",
                        "bucket",
                        "part",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "running"),
                            ("succeeded", "succeeded"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "bucket",
                    models.SmallIntegerField(help_text="Of the durations; -2: none is known.", verbose_name="bucket"),
                ),
                ("part", models.BigIntegerField(db_default=0, default=0, verbose_name="part")),
                ("runs", models.BigIntegerField(verbose_name="runs")),
                (
                    "duration",
                    models.DecimalField(
                        decimal_places=0,
                        help_text="Of all of them together, in microseconds.",
                        max_digits=30,
                        verbose_name="duration",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="run_counts",
                        to="tenancy.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "run count",
                "verbose_name_plural": "run counts",
                "db_table": "app.run_counts",
                "ordering": ["-day", "project", "status", "bucket"],
            },
        ),
    ]
