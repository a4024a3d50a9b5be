"""What a migration file says of a database-level ON DELETE; what it does stands in backends/test_schema.py."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.db.models import deletion

from freehold.deletion import get_on_delete_sql, install

NAMES = ["DB_CASCADE", "DB_SET_NULL", "DB_SET_DEFAULT"]


@pytest.mark.parametrize("name", NAMES)
def test_on_delete_of_the_database_is_written_as_django_61_writes_it(name: str) -> None:
    field = models.ForeignKey("items.item", getattr(models, name))

    text, imports = MigrationWriter.serialize(field)

    assert text == f"models.ForeignKey(on_delete=django.db.models.deletion.{name}, to='items.item')"
    assert imports == {"from django.db import models", "import django.db.models.deletion"}


@pytest.mark.parametrize("name", NAMES)
def test_on_delete_of_the_database_has_one_object_under_both_paths(name: str) -> None:
    assert getattr(models, name) is getattr(deletion, name)
    assert getattr(models, name).__name__ == name


def test_install_again_changes_nothing() -> None:
    before = (deletion.DB_CASCADE, deletion.Collector.collect, deletion.get_candidate_relations_to_delete)

    install()

    assert before == (deletion.DB_CASCADE, deletion.Collector.collect, deletion.get_candidate_relations_to_delete)


@pytest.mark.parametrize("on_delete", [models.CASCADE, models.SET_NULL, models.SET(None), models.DO_NOTHING])
def test_on_delete_of_python_adds_nothing_to_a_statement(on_delete: Any) -> None:
    assert get_on_delete_sql(models.ForeignKey("items.item", on_delete)) == ""
    assert get_on_delete_sql(models.IntegerField()) == ""
