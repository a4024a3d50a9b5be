"""Who works together: tenants, memberships, projects, API keys."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Lies in schema app."""

    name = "tenancy"
    verbose_name = "Tenancy"
