from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL("CREATE SCHEMA IF NOT EXISTS sales", migrations.RunSQL.noop),
        migrations.CreateModel(
            "Tag",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20, unique=True)),
            ],
            options={"db_table": '"sales"."tag"'},
        ),
        migrations.CreateModel(
            "Customer",
            [
                ("id", models.AutoField(primary_key=True)),
                ("name", models.CharField(max_length=80, db_index=True)),
                ("code", models.CharField(max_length=20, unique=True)),
                ("points", models.PositiveIntegerField(default=0)),
                ("referrer", models.ForeignKey("shop.customer", models.SET_NULL, null=True)),
            ],
            options={"db_table": '"sales"."customer"'},
        ),
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer", models.ForeignKey("shop.customer", models.CASCADE)),
                ("number", models.CharField(max_length=20)),
                ("tags", models.ManyToManyField("shop.tag")),
            ],
            options={
                "db_table": '"sales"."order"',
                "indexes": [models.Index(fields=["number"], name="order_number_idx")],
            },
        ),
        # A Django before 4.1 made keys like this.
        migrations.RunSQL(
            """
            ALTER TABLE sales.customer ALTER COLUMN id DROP IDENTITY;
            CREATE SEQUENCE sales.customer_id_seq AS integer OWNED BY sales.customer.id;
            ALTER TABLE sales.customer ALTER COLUMN id SET DEFAULT nextval('sales.customer_id_seq');
            """,
            migrations.RunSQL.noop,
        ),
    ]
