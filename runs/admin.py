"""The admin page of runs."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from freehold import ImportAdmin, ModelAdmin, labelled
from runs.models import Run

COLOURS = {"queued": "info", "running": "warning", "succeeded": "success", "failed": "danger"}


@admin.register(Run)
class RunAdmin(ImportAdmin, ModelAdmin):
    """What programs did, the newest first."""

    icon = "play_circle"
    list_display = ("external_id", "kind", "project", "state", "started_at", "finished_at", "created_at")
    list_filter = ("status",)
    list_select_related = ("project",)
    search_fields = ("external_id", "kind", "project__name")
    autocomplete_fields = ("project",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    readonly_fields = ("id", "version", "created_at", "updated_at")
    identified_by = ("project", "external_id")
    needs_version = True
    imported = ("project", "external_id", "kind", "status", "started_at", "finished_at", "metadata")
    exported = ("id", "version", *imported, "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("project", "external_id", "kind", "metadata")}),
        (_("State"), {"fields": ("status", "started_at", "finished_at")}),
        (_("Record"), {"fields": ("version", "created_at", "updated_at", "id")}),
    )

    @labelled(COLOURS, description=_("status"), ordering="status")
    def state(self, run: Run) -> tuple[str, str]:
        """Give the status as a label."""
        return run.status, str(run.get_status_display())
