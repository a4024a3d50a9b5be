"""Prints what the backend answers; run in Django's shell."""

from importlib.util import find_spec

from django.db import transaction
from shop.models import Thing

one = Thing.objects.create(name="one")
two = Thing.objects.create(name="two", next=one)
with transaction.atomic():
    locked = Thing.objects.select_for_update().get(name="one")
missing = [name for name in ("psutil", "rich", "unfold") if find_spec(name) is None]
found = Thing.objects.select_related("next").get(next__name="one")
print(
    f"{Thing._meta.db_table}: {found} of {Thing.objects.count()}, locked {locked}; {', '.join(missing)}: not installed"
)
