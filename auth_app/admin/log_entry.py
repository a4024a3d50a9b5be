"""The admin page of the log of what was done in the admin site."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from freehold import ExportAdmin, ModelAdmin, ReadOnlyAdmin


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin, ExportAdmin, ModelAdmin):
    """Who added, changed or deleted what, and when. Nobody writes it by hand."""

    icon = "manage_history"
    list_display = ("action_time", "user", "action_flag", "content_type", "object_repr", "summary")
    list_filter = ("action_flag", "content_type")
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "object_id", "user__email")
    exported = ("action_time", "user", "action_flag", "model_label", "object_id", "object_repr", "summary")
    fields = ("action_time", "user", "action_flag", "content_type", "object_id", "object_repr", "summary")

    @admin.display(description=_("model"))
    def model_label(self, entry: LogEntry) -> str:
        """Give the model by its label, such as items.item."""
        return ".".join(entry.content_type.natural_key()) if entry.content_type else ""

    @admin.display(description=_("what changed"))
    def summary(self, entry: LogEntry) -> str:
        """Give the change in words."""
        return entry.get_change_message()
