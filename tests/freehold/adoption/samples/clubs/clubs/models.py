"""A model of each kind that an app may bring: tables between many-to-many fields, one of its own, parent and child."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class Thing(models.Model):
    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Person(Thing):
    name = models.CharField(max_length=60)
    points = models.IntegerField(default=0)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    mentor = models.ForeignKey("self", models.SET_NULL, null=True)


class Veteran(Person):
    class Meta:
        proxy = True


class Tag(Thing):
    name = models.SlugField(db_index=False)


class Club(Thing):
    name = models.CharField(max_length=40)
    town = models.CharField(max_length=40, db_index=True)
    members = models.ManyToManyField(Person, through="Membership")
    tags = models.ManyToManyField(Tag)
    rivals = models.ManyToManyField("self")

    class Meta:
        indexes = [
            models.Index(fields=["town", "name"], name="clubs_town_idx"),
            models.Index(Lower("name"), name="clubs_lower_idx"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=~models.Q(town=""), name="one_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="some_name"),
        ]


class RowingClub(Club):
    boats = models.PositiveSmallIntegerField(default=0)


class Membership(Thing):
    person = models.ForeignKey(Person, models.CASCADE)
    club = models.ForeignKey(Club, models.CASCADE)
    since = models.DateField(null=True)

    class Meta:
        order_with_respect_to = "club"
        constraints = [models.UniqueConstraint(fields=["person", "club"], name="one_membership")]
