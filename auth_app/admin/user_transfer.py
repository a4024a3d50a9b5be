"""Users in files: who they are, never what they may do or how they sign in."""

from __future__ import annotations

from django.http import HttpRequest

from auth_app.models import User
from freehold import ImportAdmin


class UserTransfer(ImportAdmin):
    """A file adds users without password and rights, and changes names, addresses and whether one is active."""

    identified_by = ("email",)
    exported = (
        "id",
        "version",
        "email",
        "display_name",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
        "created_at",
        "updated_at",
    )
    imported = ("email", "display_name", "is_active")

    def get_exported(self, request: HttpRequest) -> tuple[str, ...]:
        """Give what the list shows the person: not who holds what, to those who manage no users."""
        listed = self.get_list_display(request)
        return self.exported if "is_staff" in listed else tuple(n for n in self.exported if n == "id" or n in listed)

    def complete_imported(self, row: User, change: bool) -> None:
        """Leave a new user without a password: nobody signs in by one until it is set."""
        if not change:
            row.set_unusable_password()
