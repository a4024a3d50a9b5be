"""The project as an app: its management commands, templates and static files; and the admin site it uses."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ProjectConfig(AppConfig):
    """No models: nothing here owns a table."""

    name = "config"
    verbose_name = "Freehold"


class AdminConfig(admin_apps.AdminConfig):
    """Django's admin with this project's site."""

    default_site = "config.admin_site.site.ProjectAdminSite"
