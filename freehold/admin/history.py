"""The admin page of the migration history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from freehold.admin.addresses import CarefulAddressAdmin
from freehold.admin.deletes import ReadOnlyAdmin
from freehold.models import MigrationHistory

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as DjangoModelAdmin

    ModelAdmin = DjangoModelAdmin[Any]  # Unfold's has no types
else:
    from unfold.admin import ModelAdmin

if TYPE_CHECKING or not apps.is_installed("import_export"):

    class ExportAdmin:
        """No export, where django-import-export is not among the installed apps."""

else:
    from freehold.admin.transfer import ExportAdmin

_LABELS = {"ok": "success", "failed": "danger", "faked": "warning", "accepted": "info"}


@admin.register(MigrationHistory)
class _MigrationHistoryAdmin(ReadOnlyAdmin, ExportAdmin, CarefulAddressAdmin, ModelAdmin):
    """What ran, when, as whom and how it ended, and who accepted what. Only commands add rows; nothing changes them."""

    icon = "history"
    list_display = ("started_at", "what", "way", "owner_role", "login", "took", "end", "code_version")
    list_filter = ("kind", "direction", "outcome", "app", "owner_role", "account")
    search_fields = ("app", "name", "detail", "reason", "checksum", "code_version")
    date_hierarchy = "started_at"
    ordering = ("-id",)
    actions = None
    exported = (
        "id",
        "started_at",
        "kind",
        "direction",
        "app",
        "name",
        "owner_role",
        "login",
        "account",
        "duration",
        "outcome",
        "code_version",
        "checksum",
        "detail",
        "reason",
    )

    @admin.display(description=_("what"), ordering="name")
    def what(self, entry: MigrationHistory) -> str:
        """Give the migration or seed by its full name."""
        return f"{entry.app}.{entry.name}"

    @display(description=_("direction"), ordering="direction", label={"up": "info", "down": "warning"})  # type: ignore[untyped-decorator]  # Unfold has no types
    def way(self, entry: MigrationHistory) -> tuple[str, str]:
        """Give the direction as a coloured label."""
        return entry.direction, entry.get_direction_display()

    @display(description=_("outcome"), ordering="outcome", label=_LABELS)  # type: ignore[untyped-decorator]  # Unfold has no types
    def end(self, entry: MigrationHistory) -> tuple[str, str]:
        """Give the outcome as a coloured label."""
        return entry.outcome, entry.get_outcome_display()

    @admin.display(description=_("took"), ordering="duration")
    def took(self, entry: MigrationHistory) -> str:
        """Give the duration in seconds, to the millisecond."""
        return f"{entry.duration.total_seconds():.3f}\N{NO-BREAK SPACE}s"
