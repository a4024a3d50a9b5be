"""What was done to the database, up and down: one row for each migration and seed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MigrationHistory(models.Model):
    """One migration or seed that ran, or failed. Rows are added and never changed.

    The key counts upwards, so that the newest row of a seed is the one with the largest.
    """

    class Kind(models.TextChoices):
        """What ran."""

        MIGRATE = "migrate", _("migration")
        SEED = "seed", _("seed")

    class Direction(models.TextChoices):
        """Whether it was applied or taken back."""

        UP = "up", _("up")
        DOWN = "down", _("down")

    class Outcome(models.TextChoices):
        """How it ended. A failed migration left nothing behind, unless it is one without a transaction."""

        OK = "ok", _("ok")
        FAILED = "failed", _("failed")
        FAKED = "faked", _("only marked")
        PART = "part", _("in parts")

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField(_("kind"), choices=Kind.choices)
    direction = models.TextField(_("direction"), choices=Direction.choices)
    app = models.TextField(_("app"))
    name = models.TextField(_("name"))
    checksum = models.TextField(
        _("checksum"), blank=True, default="", help_text=_("SHA-256 of the source, in hexadecimal digits.")
    )
    owner_role = models.TextField(
        _("owner role"), blank=True, default="", help_text=_("The role it ran as; empty on SQLite.")
    )
    login = models.TextField(_("login"), help_text=_("Who was connected; on SQLite, the account of the process."))
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    duration = models.DurationField(_("duration"))
    outcome = models.TextField(_("outcome"), choices=Outcome.choices, default=Outcome.OK)
    code_version = models.TextField(_("code version"), blank=True, default="", help_text=_("The commit that ran it."))
    detail = models.TextField(_("detail"), blank=True, default="", help_text=_("What went wrong, or what was done."))

    class Meta:
        db_table = "public.migration_history"
        verbose_name = _("history entry")
        verbose_name_plural = _("migration history")
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "app", "name", "-id"], name="migration_history_newest_idx")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["migrate", "seed"]), name="migration_history_kind_check"
            ),
            models.CheckConstraint(
                condition=models.Q(direction__in=["up", "down"]), name="migration_history_way_check"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["ok", "failed", "faked", "part"]), name="migration_history_end_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.app}.{self.name} {self.direction}"
