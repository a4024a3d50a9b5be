"""Makes rows of each model, reads them over joins and deletes them; prints as JSON how many there were and are."""

import json
import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

from clubs.models import Club, Membership, Person, RowingClub, Tag, Veteran  # noqa: E402 - after setup
from django.contrib.auth.models import User  # noqa: E402

MODELS = (Person, Tag, Club, RowingClub, Membership)

user = User.objects.create_user("ada")
ada = Person.objects.get(name="Ada")
Veteran.objects.create(name="Bob", mentor=ada, account=user)
crew = RowingClub.objects.create(name="Crew", town="Bonn", boats=2)
crew.rivals.add(*Club.objects.filter(name="Rowers"))
for person in Person.objects.all():  # one by one: bulk_create, and so `members.add`, leaves `_order` empty
    Membership.objects.create(club=crew, person=person)
crew.tags.set(Tag.objects.all())

joined = Club.objects.filter(rivals__town="Ulm", tags__name="water", members__mentor__name="Ada").count()
made = [model.objects.count() for model in MODELS]
user.delete()
Person.objects.filter(name="Bob").delete()
crew.delete()
print(json.dumps({"joined": joined, "made": made, "left": [model.objects.count() for model in MODELS]}))
