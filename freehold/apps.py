"""The engine as a Django app."""

from django.apps import AppConfig

from freehold import deletion, placement

# Here and not in ready(): Django imports every app's configuration before the first app's models.
deletion.install()
placement.install()


class FreeholdConfig(AppConfig):
    """List it first in INSTALLED_APPS: it overrides `migrate` and prepares models before they are imported."""

    name = "freehold"
    verbose_name = "Freehold"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from freehold import checks, services  # noqa: F401 - what looks at models, which are there only now
        from freehold.rights import trials
        from freehold.rls import filters
        from freehold.services import groups

        groups.connect()
        trials.connect()
        services.install()
        filters.install()
