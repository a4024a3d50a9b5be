"""Admin pages that answer any address, however it was typed, and give nothing away by it; put before any ModelAdmin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError, models, router, transaction
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object

_UNREAD = object()


class CarefulAddressAdmin(Base):
    """Refuses what makes no sense in an address, and every question about a column that no page shows.

    Django answers `?session_key__startswith=a` for whoever may see the list: row by row, that reads out the key.
    """

    secret_fields: tuple[str, ...] = ()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Tell whether the list may be narrowed down by this: not by secrets, nor by rows that refer to these."""
        name = lookup.split(LOOKUP_SEP)[0]
        field = _find_field(self.model, name)
        if field is not None and ((field.auto_created and not field.concrete) or field.name in self.secret_fields):
            return False
        if isinstance(field, models.DurationField):  # Django reads none from an address, and fails
            return False
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]  # None is Django's own default

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Search without U+0000: PostgreSQL's text has no such character, and its driver raises."""
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Give the list, or Django's complaint where a value does not fit its column, which it knows of some only."""
        if not request.GET:
            return super().get_changelist_instance(request)
        try:
            with transaction.atomic(using=router.db_for_read(self.model)):
                return super().get_changelist_instance(request)
        except (ValueError, OverflowError, DataError) as error:
            raise IncorrectLookupParameters(str(error)) from error

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List, or lead to the plain list, as Django does with other filters that make no sense."""
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        if not all(is_key(self.model, key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            self.message_user(request, _("Nothing was done: what was selected is not in this list."), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().changelist_view(request, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Give what the address fills into the form; times as times, for Django's widget fails at their text."""
        given: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        times = {name: _read_time(_find_field(self.model, name), value) for name, value in given.items()}
        return {**given, **{name: value for name, value in times.items() if value is not _UNREAD}}


def _find_field(model: type[models.Model], name: str) -> Any:
    """Give the model's field of that name, `pk` included, or None."""
    try:
        return model._meta.pk if name == "pk" else model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def is_key(model: type[models.Model], value: str) -> bool:
    """Tell whether a row of the model could have this key: PostgreSQL's text has no U+0000."""
    if "\0" in value:
        return False
    try:
        model._meta.pk.to_python(value)
    except ValidationError:
        return False
    return True


def _read_time(field: Any, text: Any) -> Any:
    """Give the time that a text says, None where it says none, and UNREAD where the field holds no times."""
    if not isinstance(field, models.DateTimeField):
        return _UNREAD
    try:
        return field.to_python(text)
    except ValidationError:
        return None
