from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField(db_default="import")),
                ("external_id", models.TextField()),
                ("status", models.TextField(db_default="queued")),
                ("version", models.IntegerField(db_default=0)),
            ],
            options={
                "db_table": "public.runs",
                "constraints": [
                    models.UniqueConstraint(fields=["kind", "external_id"], name="runs_kind_external_id_uniq")
                ],
            },
        ),
    ]
