from django.db import models


class SavedSearch(models.Model):
    """What somebody looks for again and again on the page of runs."""

    name = models.TextField(unique=True)
    query = models.JSONField(db_default={})

    class Meta:
        db_table = "ui.saved_searches"

    def __str__(self) -> str:
        return self.name
