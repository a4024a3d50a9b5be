"""Who may change whose account in the admin site: nobody the account of someone who holds what they do not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from auth_app.models import User

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object


def may_change_account(request: HttpRequest, user: User | None) -> bool:
    """Tell whether the signed-in person may write this user's row, and what signs this user in.

    Whoever changes an e-mail address can have the next link to a password sent there, so that this is the same as
    holding all that the user holds.
    """
    if user is None or request.user.is_superuser:
        return True
    return not user.is_superuser and _list_permissions(user) <= request.user.get_all_permissions()


def _list_permissions(user: User) -> set[str]:
    """Give the permissions of a user, their own and their groups', as `items.add_item`.

    Those of an inactive user too, and of one who is not staff yet: what is switched off can be switched on again.
    """
    given = Permission.objects.filter(models.Q(user=user) | models.Q(group__user=user))
    return {f"{label}.{name}" for label, name in given.values_list("content_type__app_label", "codename")}


class CredentialAdmin(Base):
    """Rows that sign a user in: whoever may not change the user's account may not change them either."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether such rows may be changed, and this one."""
        return may_change_account(request, obj and obj.user) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether such rows may be deleted, and this one."""
        return may_change_account(request, obj and obj.user) and super().has_delete_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Give the class of the form, which refuses to give the row to someone out of reach."""

        class ReachingForm(super().get_form(request, obj, change=change, **kwargs)):  # type: ignore[misc]
            def clean_user(self) -> User | None:
                user: User | None = self.cleaned_data["user"]
                if not may_change_account(request, user):
                    raise ValidationError(_("This user holds more than you do: ask a superuser."), code="out_of_reach")
                return user

        return ReachingForm
