"""Limits as a Django app."""

from django.apps import AppConfig


class LimitsConfig(AppConfig):
    """Has no models: its counters are for its functions alone, and are in no dump, no admin page and no router.

    Its functions are called by name, so that the schema is `limits`: `Schema("limits", apps=("limits",))`.
    """

    name = "freehold.limits"
    label = "limits"
    verbose_name = "Limits"

    def ready(self) -> None:
        from freehold.backends.creation import leaving_database
        from freehold.limits.postgresql import hang_up

        leaving_database.connect(hang_up, dispatch_uid="freehold.limits")
