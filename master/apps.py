"""What everyone refers to: categories and locations."""

from django.apps import AppConfig


class MasterConfig(AppConfig):
    """Owns schema master."""

    name = "master"
    verbose_name = "Master data"
