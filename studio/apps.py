"""The page of the database as an app."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """No models: nothing here owns a table."""

    name = "studio"
    verbose_name = "Studio"
