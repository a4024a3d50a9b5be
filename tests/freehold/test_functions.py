"""What a migration file says of a column default; what it gives stands in backends/test_schema.py."""

from django.db.migrations.writer import MigrationWriter

from freehold.functions import RandomUUID


def test_random_uuid_is_written_into_migrations_by_its_path() -> None:
    assert MigrationWriter.serialize(RandomUUID()) == ("freehold.functions.RandomUUID()", {"import freehold.functions"})


def test_random_uuid_equals_another_so_that_makemigrations_sees_no_change() -> None:
    assert RandomUUID() == RandomUUID()
