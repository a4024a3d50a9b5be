"""A table whose text Django's reader of collations can't cut is read all the same."""

from __future__ import annotations

import pytest
from django.db import connection

from freehold.acting import acting

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]
CHECK = """CHECK ("ends" <= (django_format_dtdelta('+', "made", 7862400000000)))"""


def test_table_with_a_check_of_days_is_read_with_its_collations() -> None:
    columns = '"made" datetime NOT NULL, "ends" datetime NOT NULL, "name" varchar(20) NOT NULL COLLATE nocase'
    with acting(None), connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE told ({columns}, CONSTRAINT "told_check" {CHECK})')
        found = connection.introspection.get_table_description(cursor, "told")

    assert {each.name: each.collation for each in found} == {"made": None, "ends": None, "name": "nocase"}
