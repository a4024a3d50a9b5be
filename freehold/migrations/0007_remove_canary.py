"""Drop public.canary: a process asks the server of each protected table whether its policies hold.

Backwards the table comes without its row: a release before starts only where its services see none.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("freehold", "0006_structure")]

    operations = [migrations.DeleteModel("Canary")]
