"""A new field, as a developer adds one: model, migration, SQL file. Types come by themselves; nothing else breaks."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import pytest

from tests.copies import Copy, copying_project

MODULE = "items/sql/item/__init__.py"
FIELD = """\
    is_featured = models.BooleanField(_("featured"), default=False, db_default=False)
    is_active = models.BooleanField(
"""
READER = """\
from uuid import UUID

from typing_extensions import assert_type

from items.sql.item import find_item, list_items


def is_featured(key: UUID) -> bool:
    row = find_item(id=key)
    return row is not None and assert_type(row.is_featured, bool)


def list_featured() -> list[bool]:
    return [row.is_featured for row in list_items().rows]  # which the file lacks
"""
# What a client of the API gets, checked by the row's own class.
ANSWER = """\
import msgspec

from auth_app.models import User
from freehold import ANONYMOUS, acting_as
from items.models import Item
from items.sql.item import FindItemRow, find_item_json
from master.models import Category

user = User.objects.create_user("a@example.org", password=None)
category = Category.objects.create(name="A", slug="a", path="a")
item = Item.objects.create(user=user, category=category, name="Oak", price=1, is_featured=True)
with acting_as("api", ANONYMOUS):
    answer = find_item_json(id=item.pk)
print(msgspec.json.decode(answer, type=FindItemRow).is_featured)
try:
    msgspec.json.decode(answer.replace(b'"is_featured":true', b'"is_featured":"yes"'), type=FindItemRow)
except msgspec.ValidationError as error:
    print(error)
"""


@pytest.fixture
def copy() -> Iterator[Copy]:
    with copying_project("field", Copy) as copy:
        yield copy


def test_field_is_written_in_model_migration_and_sql_and_known_everywhere(copy: Copy) -> None:
    copy.run("manage.py migrate --verbosity 0")  # a developer's database is there
    before = (copy.directory / MODULE).read_text(encoding="utf-8")
    copy.replace("items/models/item.py", "    is_active = models.BooleanField(\n", FIELD)
    copy.run("manage.py makemigrations items --name is_featured")

    copy.run("manage.py compilesql --check")  # statements that lack the field are what they were

    copy.replace("items/sql/item/find_item.sql", "    i.version,\n", "    i.version,\n    i.is_featured,\n")
    stale = copy.run("manage.py compilesql --check", code=1)
    assert f"{MODULE} is stale: run `manage.py compilesql`" in stale
    copy.run("manage.py compilesql")

    after = (copy.directory / MODULE).read_text(encoding="utf-8")
    lines = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert "+     is_featured: bool" in lines
    assert '+         Column("is_featured", "bool", is_nullable=False),' in lines
    assert all(line.startswith("+") and "is_featured" in line for line in lines), lines

    (copy.directory / "reader.py").write_text(READER, encoding="utf-8")
    (found, count) = copy.run(".venv/bin/python -m mypy --strict reader.py items/sql", code=1).splitlines()
    assert found.startswith('reader.py:14: error: "ListItemsRow" has no attribute "is_featured"')
    assert count.startswith("Found 1 error in 1 file")

    copy.run("manage.py migrate --verbosity 0")
    (copy.directory / "answer.py").write_text(ANSWER, encoding="utf-8")
    said = copy.run("manage.py shell < answer.py").splitlines()
    assert said[-2:] == ["True", "Expected `bool`, got `str` - at `$.is_featured`"]
