"""docs/typed-sql.md: its file compiles as it stands there, and its code runs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from freehold.services import acting_as
from freehold_lint.typed_sql.compilation import compile_source
from freehold_lint.typed_sql.modules import write_module
from freehold_lint.typed_sql.preparing import Preparer
from freehold_lint.typed_sql.sources import read_source
from freehold_lint.typed_sql.sqlite import translate
from tests.items.factories import make_item
from tests.master.factories import make_category
from tests.rls import as_nobody

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]
PAGE = (Path(__file__).resolve().parents[3] / "docs/typed-sql.md").read_text()
(FILE,) = re.findall(r"^```sql\n-- (\S+)\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(CODE,) = re.findall(r"^```\n(from .+?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_example_of_the_page_compiles_and_runs(
    preparer: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(FILE[0])
    path.parent.mkdir(parents=True)
    path.write_text(FILE[1])
    compiled = compile_source(read_source(path), preparer, "api")
    item: Any = ModuleType("freehold_page")
    monkeypatch.setitem(sys.modules, "freehold_page", item)  # where its structs look for their types
    exec(write_module([(compiled, translate(compiled))], "items/sql/item"), vars(item))
    with acting_as("admin"):
        category = make_category("lamps")
        for number in range(30):
            make_item(category=category, name=f"Lamp {number}")

    names = {"item": item, "category": category}
    first, *lines = CODE.splitlines()
    with as_nobody():
        exec("\n".join(lines), names)
        rest = item.list_items(category_id=category.pk, sort="cheapest", limit=20, after=names["page"].next)

    assert first == "from items.sql import item"
    assert [row.category.slug for row in names["page"].rows] == ["lamps"] * 20
    assert len(rest.rows) == 10
