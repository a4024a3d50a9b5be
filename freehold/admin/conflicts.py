"""Admin pages for rows that several people write at a time; put before any ModelAdmin."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, models, router
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _, gettext_lazy

from freehold.admin.refusals import REFUSALS, describe_refusal
from freehold.models import Versioned

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline

    Base = ModelAdmin[Any]
    InlineBase = TabularInline[Any, Any]
else:
    Base = InlineBase = object

_logger = logging.getLogger(__name__)

_STALE = gettext_lazy(
    "Nothing was saved: this page shows version %(seen)s, and someone has saved version %(now)s meanwhile. "
    "Open the page anew and enter your change again."
)


_OVERTAKEN = gettext_lazy("someone else has deleted this row meanwhile.")
_SEEN = "seen_version"  # the form's field
_REFUSED = "_freehold_refused"  # on a request: what the database said, for the form to say


class _OvertakenError(Exception):
    """Someone else deleted the row after this request had read it."""


_CONFLICTS = (IntegrityError, ValidationError, _OvertakenError)


class RetriedSaveAdmin(Base):
    """Checks a form once more where the database refuses what the form had found right.

    Another row came in between. The second check sees it, and says so at the field. What is refused all the same is
    said at the top of the form, with everything that was typed.
    """

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show or save the form. The first attempt is rolled back when the second begins."""
        view = partial(super().changeform_view, request, object_id, form_url, extra_context)
        try:
            return view()
        except _CONFLICTS as error:
            _logger.info("%s is checked once more: %s", request.path, type(error).__name__)
        except REFUSALS as error:
            return self.refuse_save(request, error, view)
        try:
            return view()
        except (_OvertakenError, *REFUSALS) as error:
            return self.refuse_save(request, error, view)

    def refuse_save(self, request: HttpRequest, error: Exception, view: Callable[[], HttpResponse]) -> HttpResponse:
        """Show the form again, with the reason; lead back to the page where even that is refused.

        Raises:
            Exception: it was no refusal, or nothing was to be saved.
        """
        reason = _OVERTAKEN if isinstance(error, _OvertakenError) else describe_refusal(error)
        if reason is None or request.method != "POST":
            raise error
        _logger.warning("%s was refused: %s", request.path, type(error).__name__)  # its text may hold the whole row
        text = _("Nothing was saved: %(reason)s") % {"reason": reason}
        setattr(request, _REFUSED, text)
        try:
            return view()
        except REFUSALS:
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Give the class of the form, with the version of what it overwrites; after a refusal one that is never right,
        and says why."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if change and issubclass(self.model, Versioned) and self.has_change_permission(request, obj):
            form = _make_versioned(form)
        text = getattr(request, _REFUSED, "")
        return _make_refused(form, text) if text else form

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Lock the row and give it with what was typed, not saved yet."""
        if change:
            self.lock(form.instance)
        return super().save_form(request, form, change)

    def lock(self, row: models.Model) -> None:
        """Keep others from deleting the row before this request has saved it, or raise OvertakenError where they have:
        Django would bring it back."""
        if type(row)._base_manager.select_for_update().filter(pk=row.pk).values_list("pk").first() is None:
            raise _OvertakenError

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Give the page, with the hidden version where there is something to overwrite and someone to do so."""
        shown = context["adminform"]
        if _SEEN in shown.form.fields:
            shown.fieldsets = [*shown.fieldsets, (None, {"fields": (_SEEN,), "classes": ("hidden",)})]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what hangs on the row; then have the foreign keys checked, before anyone is told that it is saved."""
        super().save_related(request, form, formsets, change)
        connections[router.db_for_write(self.model)].check_constraints(table_names=[self.opts.db_table])


def _make_refused(form: Any, text: str) -> Any:
    """Give the form's class with an error that no input mends."""

    class RefusedForm(form):  # type: ignore[misc]  # made for one request
        def full_clean(self) -> None:
            super().full_clean()
            if self.is_bound:
                self.add_error(None, text)

    return RefusedForm


class VersionedInline(InlineBase):
    """Sends along the version of each row that the page showed."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Give the class of the rows."""
        if self.sends_versions(request, obj):
            kwargs = {"form": _make_versioned(self.form), **kwargs}
        return super().get_formset(request, obj, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Give the columns, with the hidden version."""
        hidden = [(None, {"fields": (_SEEN,)})] if self.sends_versions(request, obj) else []
        return [*super().get_fieldsets(request, obj), *hidden]

    def sends_versions(self, request: HttpRequest, obj: Any) -> bool:
        """Tell whether there is something to overwrite and someone to do so."""
        return issubclass(self.model, Versioned) and self.has_change_permission(request, obj)


def _make_versioned(form: Any) -> Any:
    """Give the form's class with the version that the page showed, which refuses to overwrite a later one.

    One that is saved after this look is refused by the database.
    """

    class VersionedForm(form):  # type: ignore[misc]  # made for one request
        seen_version = forms.IntegerField(widget=forms.HiddenInput)

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.fields[_SEEN].required = not self.instance._state.adding  # of a new row there is nothing to overwrite
            if not self.instance._state.adding:
                self.fields[_SEEN].initial = self.instance.version

        def has_changed(self) -> bool:
            return any(name != _SEEN for name in self.changed_data)

        def clean(self) -> dict[str, Any] | None:
            data: dict[str, Any] | None = super().clean()
            seen, now = self.cleaned_data.get(_SEEN), self.instance.version
            if seen not in (None, now) and self.has_changed():
                raise ValidationError(_STALE, code="stale", params={"seen": seen, "now": now})
            return data

    return VersionedForm
