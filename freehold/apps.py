"""The engine as a Django app."""

from django.apps import AppConfig


class FreeholdConfig(AppConfig):
    """List it first in INSTALLED_APPS: it overrides `migrate` and prepares models before they are imported."""

    name = "freehold"
    verbose_name = "Freehold"
    default_auto_field = "django.db.models.BigAutoField"
