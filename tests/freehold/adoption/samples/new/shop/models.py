from django.db import models


class Thing(models.Model):
    name = models.CharField(max_length=20)
    next = models.ForeignKey("self", models.CASCADE, null=True)

    class Meta:
        db_table = "sales.thing"

    def __str__(self) -> str:
        return self.name
