"""Tests as docs/testing.md shows them, for Django's runner and for pytest."""

from django.db import connection
from django.test import TestCase, TransactionTestCase

from freehold import ServiceError, acting_as
from people.models import Person


def find_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


class PersonTest(TestCase):
    def test_desk_writes_and_door_reads(self) -> None:
        with acting_as("desk"):
            Person.objects.create(name="Ann")
        with acting_as("door"):
            assert Person.objects.count() == 1
            if connection.vendor == "postgresql":
                assert find_role().startswith("door_")

    def test_door_can_not_write(self) -> None:
        with self.assertRaises(ServiceError), acting_as("door"):
            Person.objects.create(name="Ann")

    def test_admin_site_runs_as_desk(self) -> None:
        assert self.client.get("/admin/login/").status_code == 200


class FlushTest(TransactionTestCase):
    def test_first(self) -> None:
        with acting_as("desk"):
            assert Person.objects.create(name="Ann").pk

    def test_second(self) -> None:
        with acting_as("desk"):
            assert not Person.objects.exists()
