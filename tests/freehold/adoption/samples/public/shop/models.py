"""Tables as Django names them, all in `public`."""

from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    number = models.CharField(max_length=20, db_index=True)
    size = models.PositiveIntegerField(default=0)
    previous = models.ForeignKey("self", models.SET_NULL, null=True)
    tags = models.ManyToManyField(Tag)

    def __str__(self) -> str:
        return self.number
