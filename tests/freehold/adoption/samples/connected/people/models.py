from django.conf import settings
from django.db import models


class Person(models.Model):
    name = models.CharField(max_length=40)
    boss = models.ForeignKey("self", models.DB_SET_NULL, null=True, blank=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, blank=True)
    friends = models.ManyToManyField("self", blank=True)
    met = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "people.person"
        constraints = (models.UniqueConstraint(fields=["name"], name="person_name_uniq"),)

    def __str__(self) -> str:
        return self.name
