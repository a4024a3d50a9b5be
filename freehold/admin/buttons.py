"""Buttons on the page of a single row, where the admin site is Unfold's: each asks before it does anything, and only a
form that is sent does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django_stubs_ext import StrOrPromise

_Action = TypeVar("_Action", bound=Callable[..., Any])


def button(
    *, text: StrOrPromise, icon: str, question: StrOrPromise, does: StrOrPromise, permission: str
) -> Callable[[_Action], _Action]:
    """Make a method of an admin class a button, to be named in its `actions_detail`.

    It is called with the request, the dialog's form and the row's key, as Unfold does it. Whoever lacks what
    `has_<permission>_permission` tells sees no button and is refused. `does` stands on the button that does it.
    """
    from unfold.decorators import action

    make: Callable[[_Action], _Action] = action(
        description=text,
        icon=icon,
        permissions=[permission],
        dialog={"title": text, "description": question, "form_class": None, "form_submit_text": does},
    )
    return make


def get_row(page: ModelAdmin[Any], request: HttpRequest, object_id: str) -> Any:
    """Give the row whose button was pressed.

    Raises:
        Http404: there is none of that key.
    """
    row = page.get_object(request, unquote(object_id))
    if row is None:
        raise Http404(f"{page.opts.verbose_name} {object_id!r} is not there")
    return row


def lead_back(page: ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """Lead back to the row's page: the window as a whole, where a script sent the dialog's form."""
    url = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[object_id])
    return HttpResponse(headers={"HX-Redirect": url}) if "HX-Request" in request.headers else redirect(url)
