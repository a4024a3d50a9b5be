"""L044: texts of typed SQL that code puts together, each reported, mended and silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from freehold.ownership import get_ownership
from freehold_lint import put_together
from freehold_lint.put_together import iter_text_findings, list_text_findings

IMPORT = "from freehold.queries import Query, Segment, Sort\n"
MADE = {
    "an f-string": 'Query("x", "many", (Segment(f"SELECT {name}"),))',
    "a percent": 'Query("x", "many", segments=(Segment(text="SELECT %s" % name),))',
    "format": 'Segment("SELECT {}".format(name))',
    "join": 'Segment(", ".join(names))',
    "a sum": 'Segment("SELECT " + name)',
    "a long sum": 'Segment("SELECT " + "a" + name + "b")',
    "replace": 'Segment("SELECT x".replace("x", name))',
    "a name": 'TEXT = f"SELECT {name}"\nquery = Segment(TEXT)',
    "a name of a name": 'WHERE = "a" + name\nTEXT = WHERE\nquery = Segment(TEXT)',
    "inside a function": 'def make(name):\n    text = "SELECT %s" % name\n    return Segment(text)',
    "what grows": 'text = "SELECT "\ntext += name + "x"\nSegment(text)',
    "an order": 'Sort(((f"i.{name}", "text", "ASC"),))',
    "another name": 'from freehold.queries import Segment as Part\nPart(f"SELECT {name}")',
    "a module": 'import freehold.queries\nfreehold.queries.Segment(f"SELECT {name}")',
    "a package's module": 'from freehold import queries\nqueries.Segment(f"SELECT {name}")',
}
CONSTANT = [
    'Query("x", "many", (Segment("SELECT {name}"),))',
    'Segment("SELECT " "a")',
    'Segment("SELECT " + "a")',
    'Segment(f"SELECT 1")',
    'TEXT = "SELECT 1"\nSegment(TEXT)',
    'print(f"{name}")\nSegment("SELECT 1")',
    'Query(f"{name}.sql", "many", (Segment("SELECT 1"),))',
]


@pytest.mark.parametrize("what", MADE)
def test_text_that_is_put_together_is_found(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("reports.py")
    path.write_text(IMPORT + MADE[what])

    found = list(iter_text_findings(path))

    assert [each.rule for each in found] == ["L044"]
    assert found[0].path == "reports.py"
    path.write_text(MADE[what].replace("freehold.queries", "shop").replace("from freehold import", "from shop import"))
    assert list(iter_text_findings(path)) == []


@pytest.mark.parametrize("text", CONSTANT)
def test_constant_text_is_let_pass(text: str, tmp_path: Path) -> None:
    (tmp_path / "reports.py").write_text(IMPORT + text)
    assert list(iter_text_findings(tmp_path / "reports.py")) == []


def test_apps_and_the_folder_of_the_map_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list_text_findings(get_ownership()) == []
    monkeypatch.setattr(put_together, "get_directory", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests").mkdir()
    for name in ("reports.py", "test_reports.py", "tests/reports.py"):
        Path(name).write_text(IMPORT + MADE["an f-string"])

    assert [(each.path, each.line, each.message) for each in list_text_findings(get_ownership())] == [
        ("reports.py", 2, "a text of Segment is put together, so that nobody prepared what runs.")
    ]
