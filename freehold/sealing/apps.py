"""The seal as a Django app."""

from django.apps import AppConfig


class SealingConfig(AppConfig):
    """Has no models: its keys are for the database alone, and are in no dump, no admin page and no SQLite file.

    Its functions are called by name, so that the schema is `seal`: `Schema("seal", apps=("sealing",))`.
    """

    name = "freehold.sealing"
    label = "sealing"
    verbose_name = "Seals"
