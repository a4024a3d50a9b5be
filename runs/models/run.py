"""What programs did."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from freehold import (
    CountedVersion,
    Policy,
    Record,
    Updated,
    Versioned,
    Within,
    is_object,
    validate_object,
)
from tenancy.access import EVERYONE, MEMBERS, belongs_to, is_of_key


class RunStatus(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


OPEN = [RunStatus.QUEUED.value, RunStatus.RUNNING.value]
FINAL = [RunStatus.SUCCEEDED.value, RunStatus.FAILED.value, RunStatus.CANCELLED.value]
# What may follow each status. The database holds it, by the triggers of migration 0003_status_follows.
FOLLOWING: dict[str, list[str]] = {
    RunStatus.QUEUED.value: [RunStatus.RUNNING.value, *FINAL],
    RunStatus.RUNNING.value: FINAL,
    **{status: [] for status in FINAL},
}
# What Python can hold: any other moment, such as PostgreSQL's infinity, could be written and not be read again.
MOMENTS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class Run(Versioned, Updated, Record):
    """One execution of something in a project, from the queue to its end."""

    project = models.ForeignKey(
        "tenancy.Project",
        on_delete=models.DB_CASCADE,
        db_index=False,
        related_name="runs",
        verbose_name=_("project"),
    )
    external_id = models.CharField(
        _("external id"), max_length=200, help_text=_("What its sender calls the run; once within the project.")
    )
    kind = models.CharField(_("kind"), max_length=100, help_text=_("What ran, such as import or backup."))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=RunStatus.choices,
        default=RunStatus.QUEUED,
        db_default=RunStatus.QUEUED.value,
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(
        _("finished"), null=True, blank=True, help_text=_("Set exactly when the status is final.")
    )
    metadata = models.JSONField(
        _("metadata"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        validators=[validate_object],
        help_text=_("A JSON object."),
    )

    policies = (
        Policy(
            "members_reading",
            service="api",
            command="select",
            using=Within("project", belongs_to("tenant_id", EVERYONE)),
        ),
        Policy(
            "members_writing",
            service="api",
            using=Within("project", belongs_to("tenant_id", MEMBERS)),
        ),
        Policy("keys", service="api", using=is_of_key("project_id")),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.runs"
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "external_id"],
                name="runs_project_external_id_uniq",
                violation_error_message=_("The project has a run with this external id."),
            ),
            models.CheckConstraint(
                condition=~models.Q(external_id="") & ~models.Q(kind=""),
                name="runs_kind_check",
                violation_error_message=_("External id and kind can't be empty."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=RunStatus.values),
                name="runs_status_check",
                violation_error_message=_("The status is one of queued, running, succeeded, failed, cancelled."),
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__gte=models.F("started_at")),
                name="runs_finished_at_check",
                violation_error_message=_("A run does not finish before it has started."),
            ),
            models.CheckConstraint(
                condition=models.Q(started_at__range=MOMENTS) & models.Q(finished_at__range=MOMENTS),
                name="runs_moments_check",
                violation_error_message=_("Moments lie in the years 1 to 9999, in UTC."),
            ),
            models.CheckConstraint(
                condition=models.Q(created_at__range=MOMENTS) & models.Q(updated_at__range=MOMENTS),
                name="runs_created_at_check",
                violation_error_message=_("Moments lie in the years 1 to 9999, in UTC."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=FINAL, finished_at__isnull=True)
                & ~models.Q(status__in=OPEN, finished_at__isnull=False),
                name="runs_final_check",
                violation_error_message=_(
                    "A run that succeeded, failed or was cancelled has a time it finished; any other has none."
                ),
            ),
            models.CheckConstraint(
                condition=is_object("metadata"),
                name="runs_metadata_check",
                violation_error_message=_("Metadata is a JSON object."),
            ),
            models.CheckConstraint(
                condition=models.Q(version__gte=1),
                name="runs_version_check",
                violation_error_message=_("The version is 1 or more."),
            ),
            CountedVersion(name="runs_version_counted"),
        ]
        indexes = [
            models.Index(fields=["-created_at"], name="runs_created_at_idx"),
            models.Index(fields=["project", "-created_at"], name="runs_project_created_at_idx"),
            models.Index(fields=["status", "-created_at"], name="runs_status_created_at_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
