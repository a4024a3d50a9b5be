from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Tag",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20, unique=True)),
            ],
        ),
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, db_index=True)),
                ("size", models.PositiveIntegerField(default=0)),
                ("previous", models.ForeignKey("shop.order", models.SET_NULL, null=True)),
                ("tags", models.ManyToManyField("shop.tag")),
            ],
        ),
    ]
