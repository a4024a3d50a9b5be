"""Keep prices in hundredths too, by an index that serves them behind policies; and index names."""

from django.db import migrations, models
from django.db.models.functions import Cast, Round


class Migration(migrations.Migration):
    dependencies = [("items", "0006_favorite_version")]

    operations = [
        # lintmigrations: M306 a column that the database makes itself can't be filled in batches; a million rows take some seconds
        migrations.AddField(
            "Item",
            "price_cents",
            models.GeneratedField(
                db_persist=True,
                expression=Cast(Round(models.F("price") * models.Value(100)), models.BigIntegerField()),
                help_text="Of the currency's unit, also where it has no cents: 500 yen are 50000.",
                output_field=models.BigIntegerField(),
                verbose_name="price in hundredths",
            ),
        ),
        # lintmigrations: M301 the table is written anew by the same migration, which keeps everyone out for longer
        migrations.AddIndex(
            "Item", models.Index(fields=["currency", "price_cents", "id"], name="items_price_cents_idx")
        ),
        # lintmigrations: M301 as above
        migrations.AddIndex("Item", models.Index(fields=["name", "id"], name="items_name_idx")),
    ]
