"""`make run` as root, on a machine that has no account for the server yet, and after an earlier release."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.freehold.embedded.privacy import Machine, needs_privacy

pytestmark = [pytest.mark.postgresql, *needs_privacy]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """The account can't pass through tmp_path, so that the data lie in /var/lib."""
    (tmp_path / "machine").mkdir()
    found = Machine(tmp_path / "machine")
    yield found
    found.execute(f"embedded.stop({str(tmp_path / 'pg')!r})")


def prepare(machine: Machine, path: Path, **variables: str) -> str:
    """Run quickstart without serving; give what it said on stderr."""
    words = [sys.executable, "manage.py", "quickstart", "--no-serve"]
    said = machine.run(*words, DATABASE_URL=f"embedded://{path}", DEBUG="1", **variables)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stderr


def ask_owner(machine: Machine, path: Path) -> str:
    code = (
        f"import json; from pathlib import Path; print(json.dumps(Path(embedded.status({str(path)!r}).data).owner()))"
    )
    return machine.execute(code)[0]


def test_first_start_makes_the_account(machine: Machine, tmp_path: Path) -> None:
    said = prepare(machine, tmp_path / "pg")

    assert "nobody" not in said
    assert ask_owner(machine, tmp_path / "pg") == "freehold"


def test_start_after_an_earlier_release_hands_its_data_over_and_keeps_them(machine: Machine, tmp_path: Path) -> None:
    prepare(machine, tmp_path / "pg", PG_ACCOUNT="nobody")
    machine.execute(f"embedded.stop({str(tmp_path / 'pg')!r})")

    said = prepare(machine, tmp_path / "pg")

    assert "belonged to nobody, and now to the account freehold" in said
    assert ask_owner(machine, tmp_path / "pg") == "freehold"
