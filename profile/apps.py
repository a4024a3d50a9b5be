"""How people present themselves."""

from django.apps import AppConfig


class ProfileConfig(AppConfig):
    """Lies in schema app."""

    name = "profile"
    verbose_name = "Profiles"
