"""Migrates up, to zero and up again; prints as JSON what there is after each, by table."""

import json
import os

import django
from django.core.management import call_command
from django.db import connection

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

LABELS = ("redirects", "flatpages", "sites", "sessions", "auth", "contenttypes")


def read() -> dict[str, list[str]]:
    """Give the names of each table's constraints and indexes."""
    with connection.cursor() as cursor:
        tables = connection.introspection.get_table_list(cursor)
        return {
            table.name: sorted(connection.introspection.get_constraints(cursor, table.name)) for table in sorted(tables)
        }


states = []
call_command("migrate", verbosity=0)
states.append(read())
for label in LABELS:
    call_command("migrate", label, "zero", verbosity=0)
states.append(read())
call_command("migrate", verbosity=0)
states.append(read())
print(json.dumps(states))
