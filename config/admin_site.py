"""The admin site: Unfold's, which answers what is no page number and no key with 404."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from config.navigation import group_by_schema

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
        """Show the models by schema."""
        grouped = group_by_schema(self.get_app_list(request))
        return super().index(request, {"app_list": grouped, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask who it is. Unfold's form keeps to its address, so that this must say where to go next."""
        if request.method == "GET" and REDIRECT_FIELD_NAME not in request.GET:
            return redirect(f"{request.path}?{urlencode({REDIRECT_FIELD_NAME: reverse('admin:index')})}")
        return super().login(request, extra_context)

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
