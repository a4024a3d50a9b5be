"""How many runs there are, and how long they took: what pages and the API read instead of counting."""

from __future__ import annotations

import math

from django.db import models
from django.utils.translation import gettext_lazy as _

from freehold import Policy, Within
from runs.models.run import RunStatus
from tenancy.access import EVERYONE, belongs_to, is_of_key

UNTIMED = -2  # of a run that has not both started and finished
INSTANT = -1  # of one that took less than a microsecond
GROWTH = 1.04  # of a bucket's bounds over those of the one before: a duration is off by two per cent at most


def find_bucket(micros: int | None) -> int:
    """Give the bucket of a duration in microseconds, as the triggers do."""
    if micros is None:
        return UNTIMED
    return math.ceil(math.log(micros) / math.log(GROWTH)) if micros else INSTANT


class RunCount(models.Model):
    """Runs of a project, a day (of UTC, when they were made), a status and a bucket of durations.

    Triggers of app.runs write it in the transaction that changes the runs. Each transaction has rows of its own, a
    `part`, so that none waits for another; now and then they are added up in those of part 0. What counts is the sum.
    Bucket i has durations above GROWTH ** (i - 1) microseconds, up to GROWTH ** i.
    """

    is_derived = True  # so that no fixture holds it

    pk = models.CompositePrimaryKey("project_id", "day", "status", "bucket", "part")
    project = models.ForeignKey(
        "tenancy.Project",
        on_delete=models.DB_CASCADE,
        db_index=False,  # the primary key begins with it
        related_name="run_counts",
        verbose_name=_("project"),
    )
    day = models.DateField(_("day"))
    status = models.CharField(_("status"), max_length=10, choices=RunStatus.choices)
    bucket = models.SmallIntegerField(_("bucket"), help_text=_("Of the durations; -2: none is known."))
    part = models.BigIntegerField(_("part"), db_default=0, default=0)
    runs = models.BigIntegerField(_("runs"))
    duration = models.DecimalField(
        _("duration"), max_digits=30, decimal_places=0, help_text=_("Of all of them together, in microseconds.")
    )

    policies = (
        Policy(
            "members_reading",
            service="api",
            command="select",
            using=Within("project", belongs_to("tenant_id", EVERYONE)),
        ),
        Policy("keys_reading", service="api", command="select", using=is_of_key("project_id")),
        Policy("back_office", service="admin", command="select", everything=True),
    )

    class Meta:
        db_table = "app.run_counts"
        verbose_name = _("run count")
        verbose_name_plural = _("run counts")
        ordering = ["-day", "project", "status", "bucket"]

    def __str__(self) -> str:
        return f"{self.day} {self.status}"
