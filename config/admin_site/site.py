"""The admin site: Unfold's, which answers what is no page number and no key with 404."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext as _

from auth_app.attempts import limit_sign_in
from config.admin_site.navigation import group_by_schema
from config.admin_site.start_page import list_figures
from config.admin_site.upkeep import list_lines

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite as Base
else:
    from unfold.sites import UnfoldAdminSite as Base


class ProjectAdminSite(Base):
    """The site at /admin/. `config.apps.AdminConfig` puts it in the place of Django's own."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Give the site's addresses; the first to match answers."""
        lead = path(
            "r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.lead_to_row), name="view_on_site"
        )
        return [lead, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show figures, what is to be seen to, and the models by schema; each as far as the person may see it."""
        shown = {
            "app_list": group_by_schema(self.get_app_list(request)),
            "figures": list_figures(request),
            "upkeep": list_lines(request),
        }
        return super().index(request, {**shown, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask who it is, so many times and no more; to whoever is signed in already, say why that is not enough.

        Unfold's form keeps to its address, so that this must say where to go next.
        """
        if request.method != "GET":
            return limit_sign_in(request, lambda: super(ProjectAdminSite, self).login(request, extra_context))
        if REDIRECT_FIELD_NAME not in request.GET:
            return redirect(f"{request.path}?{urlencode({REDIRECT_FIELD_NAME: reverse('admin:index')})}")
        refused = request.user.is_authenticated and not self.has_permission(request)
        response = super().login(request, {"refused": refused, **(extra_context or {})})
        if refused:
            response.status_code = HTTPStatus.FORBIDDEN
        return response

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Give the view for whoever may use the site. A script gets the reason, not the form of the sign-in page."""
        checked = super().admin_view(view, cacheable)

        @wraps(checked)  # with what csrf_protect and the like have written on it
        def answer(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            if is_from_script(request) and not self.has_permission(request):
                return JsonResponse({"error": describe_refusal(request)}, status=HTTPStatus.FORBIDDEN)
            response: HttpResponse = checked(request, *args, **options)
            return response

        return answer

    def lead_to_row(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """Lead to a row's page on the site."""
        try:
            return shortcut(request, content_type_id, object_id)
        except ValidationError as error:
            raise Http404(error.messages[0]) from error

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Give what the sidebar's search finds."""
        try:
            found: HttpResponse = super().search(request, extra_context)  # type: ignore[misc]  # Unfold has no types
        except InvalidPage as error:
            raise Http404(str(error)) from error
        return found


def is_from_script(request: HttpRequest) -> bool:
    """Tell whether a page's script sent the request: jQuery for completion, htmx for the search and dialogs."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or "HX-Request" in request.headers


def describe_refusal(request: HttpRequest) -> str:
    """Say why whoever sent the request may not use the site."""
    if not request.user.is_authenticated:
        return _("You are not signed in, or not any more.")
    return _("You are signed in as %(name)s, who may not use the admin site.") % {"name": request.user.get_username()}
