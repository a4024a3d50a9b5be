"""Create app.runs."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.lookups
import django.utils.timezone
from django.db import migrations, models

import freehold.documents
import freehold.functions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0003_project"),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=freehold.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="runs",
                        to="tenancy.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "external_id",
                    models.CharField(
                        help_text="What its sender calls the run; once within the project.",
                        max_length=200,
                        verbose_name="external id",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="What ran, such as import or backup.", max_length=100, verbose_name="kind"
                    ),
                ),
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
                        db_default="queued",
                        default="queued",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started")),
                (
                    "finished_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Set exactly when the status is final.",
                        null=True,
                        verbose_name="finished",
                    ),
                ),
                (
                    "metadata",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value({}, models.JSONField()),
                        default=dict,
                        help_text="A JSON object.",
                        validators=[freehold.documents.validate_object],
                        verbose_name="metadata",
                    ),
                ),
                (
                    "version",
                    models.IntegerField(
                        db_default=1,
                        default=1,
                        editable=False,
                        help_text="Goes up with every change, so that nobody overwrites what they have not seen.",
                        verbose_name="version",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="created",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name="updated"
                    ),
                ),
            ],
            options={
                "verbose_name": "run",
                "verbose_name_plural": "runs",
                "db_table": "app.runs",
                "ordering": ["-created_at"],
                "indexes": [
                    models.Index(fields=["-created_at"], name="runs_created_at_idx"),
                    models.Index(fields=["project", "-created_at"], name="runs_project_created_at_idx"),
                    models.Index(fields=["status", "-created_at"], name="runs_status_created_at_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "external_id"),
                        name="runs_project_external_id_uniq",
                        violation_error_message="The project has a run with this external id.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("external_id", ""), _negated=True), models.Q(("kind", ""), _negated=True)
                        ),
                        name="runs_kind_check",
                        violation_error_message="External id and kind can't be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["queued", "running", "succeeded", "failed", "cancelled"])),
                        name="runs_status_check",
                        violation_error_message="The status is one of queued, running, succeeded, failed, cancelled.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("finished_at__gte", models.F("started_at"))),
                        name="runs_finished_at_check",
                        violation_error_message="A run does not finish before it has started.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", True),
                                ("status__in", ["succeeded", "failed", "cancelled"]),
                                _negated=True,
                            ),
                            models.Q(
                                ("finished_at__isnull", False), ("status__in", ["queued", "running"]), _negated=True
                            ),
                        ),
                        name="runs_final_check",
                        violation_error_message="A run that succeeded, failed or was cancelled has a time it finished; any other has none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(
                                freehold.documents.JSONType("metadata"), models.Value("object")
                            )
                        ),
                        name="runs_metadata_check",
                        violation_error_message="Metadata is a JSON object.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)),
                        name="runs_version_check",
                        violation_error_message="The version is 1 or more.",
                    ),
                ],
            },
        ),
    ]
