"""Refuse lists of lists in app.search_items: `words[1:16]` cuts rows of those, and each may have any number of words."""

from importlib import import_module

from django.db import migrations

from freehold.operations import RunPostgreSQL

BEFORE = import_module("items.migrations.0009_item_search")
SEARCH = BEFORE.SEARCH.format(words=BEFORE.WORDS, user=BEFORE.USER).replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
CHECK = """BEGIN
    IF array_ndims(words) > 1 THEN
        RAISE 'words are a list of texts, and a list of % dimensions came', array_ndims(words)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("items", "0009_item_search")]

    operations = [RunPostgreSQL(SEARCH.replace("BEGIN\n", CHECK), SEARCH)]
