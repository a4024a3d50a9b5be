"""Refuse lists of lists in app.search_runs: `words[1:16]` cuts rows of those, and each may have any number of words."""

from importlib import import_module

from django.db import migrations

from freehold.operations import RunPostgreSQL

BEFORE = import_module("runs.migrations.0007_run_search")
SEARCH = BEFORE.SEARCH.format(words=BEFORE.WORDS).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
CHECK = """BEGIN
    IF array_ndims(words) > 1 THEN
        RAISE 'words are a list of texts, and a list of % dimensions came', array_ndims(words)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("runs", "0008_take_runs")]

    operations = [RunPostgreSQL(SEARCH.replace("BEGIN\n", CHECK), SEARCH)]
