"""What people offer: items, their images, favorites."""

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    """Lies in schema app."""

    name = "items"
    verbose_name = "Items"
