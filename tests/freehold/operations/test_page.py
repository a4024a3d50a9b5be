"""docs/expand-and-contract.md works as it is written, block by block."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from tests.freehold.migrator.estates import Estate

pytestmark = pytest.mark.postgresql

PAGE = Path(__file__).parents[3] / "docs" / "expand-and-contract.md"
BLOCK = re.compile(r"^```(python|sh|sql|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = "manage.py migrate parcels"


def write(estate: Estate, text: str) -> None:
    """Write a migration that the page has, for an app of the tests."""
    name = text.partition("\n")[0].removeprefix("# ")
    (estate.directory / estate.package / "meadow" / name).write_text(text.replace('"parcels"', '"meadow"'))


def migrate(estate: Estate, text: str) -> None:
    """Run the page's commands."""
    for line in text.splitlines():
        assert line.startswith(COMMAND)
        estate.migrate("meadow", *line.removeprefix(COMMAND).split())


def query(session: psycopg.Connection, text: str) -> str:
    """Run the page's statements as the service; give the rows of the last one."""
    cursor = session.execute(text)
    while cursor.nextset():
        pass
    rows = cursor.fetchall() if cursor.description else []
    return "".join(" | ".join(map(str, row)) + "\n" for row in rows)


def test_page_works_block_by_block(estate: Estate) -> None:
    blocks = BLOCK.findall(PAGE.read_text())
    found, compared = "", 0

    with psycopg.connect(**{**estate.server, "user": "api_rw"}, autocommit=True) as session:
        for kind, text in blocks:
            if kind == "python":
                write(estate, text)
            elif kind == "sh":
                migrate(estate, text)
            elif kind == "sql":
                found = query(session, text)
            else:
                assert found == text
                compared += 1

    assert compared == 5
    assert len(estate.applied) == 5
