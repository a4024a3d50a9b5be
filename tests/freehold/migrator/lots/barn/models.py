"""One model, for `migrate --run-syncdb`."""

from django.db import models


class Barn(models.Model):
    name = models.TextField()

    class Meta:
        app_label = "barn"
        db_table = "app.barn"

    def __str__(self) -> str:
        return self.name
