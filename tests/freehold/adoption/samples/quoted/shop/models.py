"""Tables of schema `sales`, with the quotes that get a schema past a stock Django."""

from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20, unique=True)

    class Meta:
        db_table = '"sales"."tag"'

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=20)
    points = models.IntegerField(default=0)
    referrer = models.ForeignKey("self", models.SET_NULL, null=True, db_constraint=False)

    class Meta:
        db_table = '"sales"."customer"'

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
    number = models.CharField(max_length=20)
    tags = models.ManyToManyField(Tag)

    class Meta:
        db_table = '"sales"."order"'

    def __str__(self) -> str:
        return self.number
