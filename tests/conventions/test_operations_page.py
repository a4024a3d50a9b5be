"""docs/django-operations.md lists each operation that the tests try, with Freehold's backend right in all."""

from pathlib import Path

from tests.freehold.backends.postgresql.changes import CHANGES
from tests.freehold.backends.postgresql.further_changes import FURTHER_CHANGES
from tests.freehold.backends.postgresql.readings import READINGS
from tests.freehold.backends.postgresql.virtual_changes import VIRTUAL_CHANGES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "django-operations.md"


def list_rows() -> dict[str, list[str]]:
    """Give the outcomes of each operation, by its name."""
    table = PAGE.read_text(encoding="utf-8").partition("| operation |")[2].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]
    return {name: outcomes for name, *outcomes in rows}


def test_page_has_every_operation_of_the_tests() -> None:
    assert list(list_rows()) == [*CHANGES, *FURTHER_CHANGES, *VIRTUAL_CHANGES, *READINGS]


def test_page_has_freehold_right_in_all_and_the_quoting_trick_wrong_in_many() -> None:
    outcomes = list(list_rows().values())

    assert {tuple(each[2:]) for each in outcomes} == {("works", "works")}
    assert len([each for each in outcomes if "silently wrong" in each[0]]) > 21
