"""What was done to the database, up and down: one row for each migration and seed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EntryKind(models.TextChoices):
    """What ran."""

    MIGRATE = "migrate", _("migration")
    SEED = "seed", _("seed")
    HISTORY = "history", _("history")  # a row of this table that a person accepted as it is


class _EntryDirection(models.TextChoices):
    """Whether it was applied or taken back."""

    UP = "up", _("up")
    DOWN = "down", _("down")


class _EntryOutcome(models.TextChoices):
    """How it ended. A failed migration left nothing behind, unless it is one without a transaction. One that was
    faked, or accepted by a person as applied or as not applied, did not run."""

    OK = "ok", _("ok")
    FAILED = "failed", _("failed")
    FAKED = "faked", _("faked")
    ACCEPTED = "accepted", _("accepted")
    PART = "part", _("in parts")


class MigrationHistory(models.Model):
    """One migration or seed that ran, or failed, or what a person accepted. Rows are added and never changed.

    The key counts upwards, so that the newest row of a seed is the one with the largest. `sources` holds the text of
    each file by its name, None for one that was missing, and where it is too long only `sha256` and `bytes`; null in
    rows from before they were kept. `structure` holds what the row changed of functions, triggers and rules
    (freehold/history/structure.py); null where nothing, and in rows from before that was kept.
    """

    survives_flush: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField(_("kind"), choices=EntryKind.choices)
    direction = models.TextField(_("direction"), choices=_EntryDirection.choices)
    app = models.TextField(_("app"))
    name = models.TextField(_("name"))
    checksum = models.TextField(
        _("checksum"), blank=True, default="", help_text=_("SHA-256 of the sources, in hexadecimal digits.")
    )
    owner_role = models.TextField(
        _("owner role"), blank=True, default="", help_text=_("The role it ran as; empty on SQLite.")
    )
    login = models.TextField(_("login"), help_text=_("Who was connected; on SQLite, the account of the process."))
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    duration = models.DurationField(_("duration"))
    outcome = models.TextField(_("outcome"), choices=_EntryOutcome.choices, default=_EntryOutcome.OK)
    code_version = models.TextField(_("code version"), blank=True, default="", help_text=_("The commit that ran it."))
    detail = models.TextField(_("detail"), blank=True, default="", help_text=_("What went wrong, or what was done."))

    account = models.TextField(
        _("account"), blank=True, default="", db_default="", help_text=_("The account of the operating system.")
    )
    checksum_before = models.TextField(
        _("checksum before"),
        blank=True,
        default="",
        db_default="",
        help_text=_("What was recorded, where a person accepted something else."),
    )
    reason = models.TextField(
        _("reason"), blank=True, default="", db_default="", help_text=_("Why a person accepted it.")
    )
    link = models.TextField(
        _("link"),
        blank=True,
        default="",
        db_default="",
        help_text=_("SHA-256 over this row and the link before it."),
    )
    sources = models.JSONField(_("sources"), blank=True, null=True, help_text=_("The text of what ran, by file name."))
    structure = models.JSONField(
        _("structure"),
        blank=True,
        null=True,
        help_text=_("What it changed of functions, triggers and rules, by digests."),
    )

    class Meta:
        db_table = "public.migration_history"
        verbose_name = _("history entry")
        verbose_name_plural = _("migration history")
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "app", "name", "-id"], name="migration_history_newest_idx")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=EntryKind.values), name="migration_history_kind_check"),
            models.CheckConstraint(
                condition=models.Q(direction__in=_EntryDirection.values), name="migration_history_way_check"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=_EntryOutcome.values),
                name="migration_history_end_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.app}.{self.name} {self.direction}"
