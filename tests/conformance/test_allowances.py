"""`allowed.toml` is read and written whole, and each entry of the one in use has a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance import allowances
from conformance.allowances import Allowance, Elsewhere
from conformance.errors import ConformanceError


def test_written_file_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "allowed.toml"
    reasons = {
        "6.1 sqlite": {"b.B.test_two": 'asserts "x"', "a.A.test_one": 'asserts "x"'},
        "5.2 postgresql": {"a.A.test_one": 'asserts "x"'},
    }
    elsewhere = [Elsewhere("its own record", ("public.django_migrations",))]

    allowances.write(reasons, elsewhere, file)

    assert allowances.read(file) == (
        [
            Allowance('asserts "x"', ("5.2 postgresql", "6.1 sqlite"), ("a.A.test_one",)),
            Allowance('asserts "x"', ("6.1 sqlite",), ("b.B.test_two",)),
        ],
        elsewhere,
    )


def test_reasons_are_those_of_the_run() -> None:
    allowed = [Allowance("one", ("5.2 sqlite",), ("a.A.test",)), Allowance("two", ("6.1 sqlite",), ("b.B.test",))]

    reasons = allowances.get_reasons(allowances.get_run("5.2.19", "sqlite"), allowed)

    assert reasons == {"a.A.test": "one"}


def test_entry_without_reason_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "allowed.toml"
    file.write_text('[[allowed]]\nruns = ["5.2 sqlite"]\ntests = ["a.A.test"]\n')

    with pytest.raises(ConformanceError) as caught:
        allowances.read(file)

    assert str(caught.value) == f"{file} can't be read (KeyError('reason')): see docs/conformance.md for its form"


def test_file_in_use_gives_each_test_one_reason_a_run() -> None:
    allowed, elsewhere = allowances.read()

    entries = [(run, test) for each in allowed for run in each.runs for test in each.tests]
    assert len(entries) == len(set(entries))
    assert all(each.reason.strip() for each in [*allowed, *elsewhere])
