"""Each rule about what migrations do: broken, reported, mended, silent again; and what comes near it."""

from __future__ import annotations

import pytest

from freehold_lint.migrations.titles import JUDGING
from tests.freehold_lint.migrations.cases import CASES
from tests.freehold_lint.workshop import Workshop


@pytest.mark.parametrize("rule", JUDGING)
def test_rule_reports_what_breaks_it_and_not_what_mends_it(rule: str, workshop: Workshop) -> None:
    case = CASES[rule]

    workshop.write("0002_change", case.broken, atomic=case.atomic)
    broken = workshop.tell()
    workshop.write("0002_change", case.mended, atomic=case.atomic_then)
    mended = [each.rule for each in workshop.lint()]

    assert broken == list(case.said)
    assert rule in [line.split()[0] for line in broken]
    assert mended == list(case.left)
    assert rule not in mended


def test_cases_are_about_each_rule_that_judges_changes() -> None:
    assert set(CASES) == set(JUDGING)
