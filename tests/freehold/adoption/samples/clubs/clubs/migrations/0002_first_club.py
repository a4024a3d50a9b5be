from django.db import migrations


def fill(apps, schema_editor):
    rows = {
        name: apps.get_model("clubs", name).objects.using(schema_editor.connection.alias)
        for name in ("Person", "Label", "Club", "Membership")
    }
    club = rows["Club"].create(name="Rowers", city="Ulm")
    club.labels.add(rows["Label"].create(name="water"))
    rows["Membership"].create(club=club, person=rows["Person"].create(name="Ada"))


def clear(apps, schema_editor):
    for name in ("Membership", "Person", "Club", "Label"):
        apps.get_model("clubs", name).objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("clubs", "0001_initial")]
    operations = [migrations.RunPython(fill, clear)]
