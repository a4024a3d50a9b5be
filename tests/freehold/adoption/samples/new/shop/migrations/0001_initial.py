from django.db import connection, migrations, models

SCHEMA = "CREATE SCHEMA IF NOT EXISTS sales" if connection.vendor == "postgresql" else migrations.RunSQL.noop


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(SCHEMA, migrations.RunSQL.noop),
        migrations.CreateModel(
            "Thing",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False, verbose_name="ID", auto_created=True)),
                ("name", models.CharField(max_length=20, db_index=True)),
                ("next", models.ForeignKey("shop.thing", models.CASCADE, null=True)),
            ],
            options={"db_table": "sales.thing"},
        ),
    ]
