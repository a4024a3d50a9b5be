"""What services did: runs."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Lies in schema app."""

    name = "runs"
    verbose_name = "Runs"
