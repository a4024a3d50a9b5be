"""Every page and where it leads."""

from django.contrib import admin
from django.urls import include, path

from config import api, views

urlpatterns = [
    path("", views.show_home, name="home"),
    path("healthz", views.check_health, name="healthz"),
    path("readyz", views.check_readiness, name="readyz"),
    path("metrics", views.show_metrics, name="metrics"),
    path("", include("auth_app.urls")),
    path("items/", include("items.urls")),
    path("runs/", include("runs.urls")),
    path("invitations/", include("tenancy.urls")),
    path(api.V1, include("config.api")),
    path("admin/", admin.site.urls),
]
handler500 = "config.views.answer_error"
