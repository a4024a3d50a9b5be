"""What this project's admin pages have in common; put before any ModelAdmin, whoever's it is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from freehold.admin.dependents import Dependents, list_dependents
from freehold.admin.refusals import REFUSALS, describe_refusal, is_referred_to

_logger = logging.getLogger(__name__)

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object


class ReadOnlyAdmin(Base):
    """Shows rows that nobody may write by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """Show the row.

        Raises:
            PermissionDenied: the form was sent. Django would first ask for a database to write to, and there is none
                where the service may only read the table.
        """
        _refuse_sent(request)
        return super().changeform_view(request, *args, **options)

    def delete_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """Refuse; a form that was sent in the same way as above."""
        _refuse_sent(request)
        return super().delete_view(request, *args, **options)


def _refuse_sent(request: HttpRequest) -> None:
    """Refuse a request that wants to change something.

    Raises:
        PermissionDenied: it does.
    """
    if request.method not in _SAFE_METHODS:
        raise PermissionDenied


class RefusedDeleteAdmin(Base):
    """Refuses to delete what other rows need, and names those rows, before the database would."""

    def get_deleted_objects(
        self, objs: models.QuerySet[Any] | Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Give what Django gives, with the rows that stand in the way among the protected ones."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        refused = [word for each in list_dependents(objs) for word in self.iter_words(each)]
        return deleted, counts, lacking, [*protected, *refused]

    def iter_words(self, dependents: Dependents) -> Iterator[str]:
        """Yield a line for each row that stands in the way, and one for those beyond the first few."""
        for row in dependents.rows:
            yield self.link(row)
        if dependents.hidden:
            name = dependents.model._meta.verbose_name_plural
            yield ngettext("and %(count)d more of %(name)s", "and %(count)d more of %(name)s", dependents.hidden) % {
                "count": dependents.hidden,
                "name": name,
            }

    def link(self, row: models.Model) -> str:
        """Give the row's kind and name, linked to its page where it has one."""
        kind = capfirst(str(row._meta.verbose_name))
        try:
            name = f"{self.admin_site.name}:{row._meta.app_label}_{row._meta.model_name}_change"
            return format_html('{}: <a href="{}">{}</a>', kind, reverse(name, args=(quote(row.pk),)), row)
        except NoReverseMatch:
            return f"{kind}: {row}"

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Delete one; where the database refuses, say so."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except REFUSALS as error:
            return self.refuse_late(request, error)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List, or act on the selected; in one transaction, so that the log holds nothing that was refused."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except REFUSALS as error:
            return self.refuse_late(request, error)

    def refuse_late(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Lead back to the page with the reason: another row that came in between, or what the database forbids.

        Raises:
            Exception: it was no refusal, or nothing was to be written.
        """
        reason = describe_refusal(error)
        if reason is None or request.method != "POST":
            raise error
        _logger.warning("%s was refused: %s", request.path, type(error).__name__)  # its text may hold the whole row
        if is_referred_to(error):
            text = _("Nothing was deleted: another row came to depend on it in this moment. Try again to see which.")
        else:
            text = _("Nothing was done: %(reason)s") % {"reason": reason}
        self.message_user(request, text, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())
