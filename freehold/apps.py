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
        """Register the system checks, and listen for what needs the map."""
        from freehold import checks, receivers  # noqa: F401 - the checks register themselves
        from freehold.rls import filters
        from freehold.services import processes  # what looks at models, which are there only now

        receivers.connect()
        processes.install()
        filters.install()
