"""The project as an app: its management commands, templates and static files."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """No models: nothing here owns a table."""

    name = "config"
    verbose_name = "Freehold"
