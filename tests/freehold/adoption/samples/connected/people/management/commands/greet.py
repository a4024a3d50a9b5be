from typing import Any

from django.core.management import BaseCommand

from people.models import Person


class Command(BaseCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Hello, {Person.objects.count()}")
