import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Lower


def link(to):
    return models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=to)


class Migration(migrations.Migration):
    dependencies = [("clubs", "0002_first_club")]
    operations = [
        migrations.RenameModel("Label", "Tag"),
        migrations.RenameField("club", "labels", "tags"),
        migrations.RenameIndex("club", new_name="clubs_old_idx", old_name="clubs_city_idx"),
        migrations.RemoveIndex("club", "clubs_old_idx"),
        migrations.RenameField("club", "city", "town"),
        migrations.AddIndex("club", models.Index(fields=["town", "name"], name="clubs_town_idx")),
        migrations.RenameField("person", "user", "account"),
        migrations.AlterUniqueTogether("club", set()),
        migrations.AlterField("club", "name", models.CharField(max_length=40)),
        migrations.AlterField("club", "town", models.CharField(db_index=True, max_length=40)),
        migrations.AlterField("person", "name", models.CharField(max_length=60)),
        migrations.AlterField("person", "points", models.IntegerField(default=0)),
        migrations.AlterField("tag", "name", models.SlugField(db_index=False)),
        migrations.AddField("person", "mentor", link("clubs.person")),
        migrations.AddField("club", "rivals", models.ManyToManyField(to="clubs.club")),
        migrations.AddIndex("club", models.Index(Lower("name"), name="clubs_lower_idx")),
        migrations.AddConstraint(
            "club",
            models.UniqueConstraint(fields=["name"], condition=models.Q(("town", ""), _negated=True), name="one_name"),
        ),
        migrations.AddConstraint(
            "club", models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="some_name")
        ),
        migrations.AlterModelTable("membership", None),
        migrations.AlterOrderWithRespectTo("membership", "club"),
        migrations.CreateModel(
            "Veteran", fields=[], options={"proxy": True, "indexes": [], "constraints": []}, bases=("clubs.person",)
        ),
        migrations.CreateModel(
            "RowingClub",
            fields=[
                (
                    "club_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="clubs.club",
                    ),
                ),
                ("boats", models.PositiveSmallIntegerField(default=0)),
            ],
            bases=("clubs.club",),
        ),
    ]
