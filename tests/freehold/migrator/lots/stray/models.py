"""One model, for `migrate --run-syncdb`."""

from django.db import models


class Stray(models.Model):
    name = models.TextField()

    class Meta:
        app_label = "stray"
        db_table = "app.stray"

    def __str__(self) -> str:
        return self.name
