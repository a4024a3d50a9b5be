"""Pages about runs."""

from django.urls import path

from runs import views

app_name = "runs"
urlpatterns = [
    path("", views.list_runs, name="list"),
    path("<uuid:run_id>/", views.show_run, name="run"),
    path("<uuid:run_id>/cancel/", views.cancel, name="cancel"),
]
