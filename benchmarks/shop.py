"""Writes a Django app to migrate: ten tables, each made by one migration and changed by a second.

Where its tables lie is the setting TABLES, which goes before each name: `shop.` or `shop_`.
"""

from __future__ import annotations

from pathlib import Path

TABLES = 10

MODELS = """
from django.conf import settings
from django.db import models
"""

MODEL = """

class Item{number}(models.Model):
    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=80, unique=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    amount = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    parent = models.ForeignKey("shop.Item{parent}", models.CASCADE, null=True, related_name="+")
    note = models.TextField(default="")
    others = models.ManyToManyField("self", db_table=f"{{settings.TABLES}}item{number}_others")

    class Meta:
        db_table = f"{{settings.TABLES}}item{number}"
        indexes = [models.Index(fields=["price", "created"], name="item{number}_price_idx")]
        constraints = [models.CheckConstraint(condition=models.Q(price__gte=0), name="item{number}_price_check")]
"""

CREATION = """
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = {dependencies}
    operations = [
        migrations.CreateModel(
            "Item{number}",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=50, db_index=True)),
                ("price", models.DecimalField(max_digits=10, decimal_places=2, db_index=True)),
                ("amount", models.PositiveIntegerField(default=0)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("parent", models.ForeignKey("shop.Item{parent}", models.CASCADE, null=True, related_name="+")),
                ("others", models.ManyToManyField("self", db_table=f"{{settings.TABLES}}item{number}_others")),
            ],
            options={{"db_table": f"{{settings.TABLES}}item{number}"}},
        ),
        migrations.AddIndex("Item{number}", models.Index(fields=["created"], name="item{number}_created_idx")),
        migrations.AddConstraint(
            "Item{number}", models.CheckConstraint(condition=models.Q(price__gte=0), name="item{number}_price_check")
        ),
    ]
"""

CHANGE = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = {dependencies}
    operations = [
        migrations.AddField("Item{number}", "note", models.TextField(default="")),
        migrations.RenameField("Item{number}", "name", "title"),
        migrations.AlterField("Item{number}", "title", models.CharField(max_length=80, unique=True)),
        migrations.AlterField("Item{number}", "price", models.DecimalField(max_digits=10, decimal_places=2)),
        migrations.RemoveIndex("Item{number}", "item{number}_created_idx"),
        migrations.AddIndex(
            "Item{number}", models.Index(fields=["price", "created"], name="item{number}_price_idx")
        ),
    ]
"""


def write_app(directory: Path) -> None:
    """Write the package `shop`, with models and migrations, into the directory."""
    folder = directory / "shop" / "migrations"
    folder.mkdir(parents=True)
    for package in (folder.parent, folder):
        (package / "__init__.py").touch()
    values = [{"number": number, "parent": max(number - 1, 0)} for number in range(TABLES)]
    (folder.parent / "models.py").write_text(MODELS + "".join(MODEL.format(**each) for each in values))
    names: list[str] = []
    for each in values:
        for text, name in ((CREATION, "create"), (CHANGE, "change")):
            dependencies = [("shop", names[-1])] if names else []
            names.append(f"{len(names) + 1:04}_{name}_item{each['number']}")
            (folder / f"{names[-1]}.py").write_text(text.format(**each, dependencies=dependencies))
