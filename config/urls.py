"""Every page and where it leads."""

from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    path("", views.show_home, name="home"),
    path("healthz", views.check_health, name="healthz"),
    path("", include("auth_app.urls")),
    path("items/", include("items.urls")),
    path("admin/", admin.site.urls),
]
handler500 = "config.views.answer_error"
