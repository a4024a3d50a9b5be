from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RemoveIndex("order", "order_number_idx"),
        migrations.AlterField("customer", "name", models.CharField(max_length=80)),
        migrations.AlterField("customer", "code", models.CharField(max_length=20)),
        migrations.AlterField("customer", "points", models.IntegerField(default=0)),
        migrations.AlterField(
            "customer", "referrer", models.ForeignKey("shop.customer", models.SET_NULL, null=True, db_constraint=False)
        ),
        migrations.AlterField(
            "customer",
            "id",
            models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
        ),
    ]
