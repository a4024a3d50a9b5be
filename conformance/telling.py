"""Puts a run into words."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.judging import Verdict
from conformance.modes import MOVED, Mode
from conformance.outcomes import Outcome

LONGEST = 200  # characters of an exception's message


def tell(run: str, mode: Mode, outcome: Outcome, verdict: Verdict, seconds: float) -> str:
    """Give the lines about one run; one line where all went well."""
    head = f"{run} {mode.name}: {count(outcome.tests, 'test')}, {outcome.skipped:,} skipped, {seconds:.0f} s: "
    if not mode.is_checked:
        return f"{head}{count(len(outcome.failures), 'failure')}, to compare with"
    lines = [head + get_result(verdict)]
    if mode is MOVED:
        lines += [tell_landing(alias, outcome) for alias in outcome.landings]
    for title, items in (
        ("failed, and passed alone", verdict.passed_alone),
        ("fails on the stock backend too", verdict.stock_fails_too),
        ("allowed, and passed: take it off the list", verdict.stale),
        ("UNEXPECTED", verdict.unexpected),
        ("TABLE IN THE WRONG PLACE", verdict.misplaced),
    ):
        lines += [f"  {title}: {item}{summarise(item, outcome)}" for item in items]
    return "\n".join(lines)


def summarise(item: str, outcome: Outcome) -> str:
    """Give a failed test's exception."""
    failure = outcome.failures.get(item)
    return f"\n      {failure.summary[:LONGEST]}" if failure else ""


def tell_landing(alias: str, outcome: Outcome) -> str:
    """Give one line on where the tables of a database were found."""
    landing = outcome.landings[alias]
    there = landing.models - len(landing.missing)
    return (
        f"  {alias}: {there:,} of {landing.models:,} tables of models in the schema, {landing.made:,} made or altered "
        f"there; elsewhere at the end: {', '.join(landing.elsewhere) or 'none'}"
    )


def get_result(verdict: Verdict) -> str:
    """Give the figure of a run, or of all."""
    result = f"{count(len(verdict.unexpected), 'failure')} beyond the {len(verdict.allowed):,} allowed"
    return f"{result}, {count(len(verdict.misplaced), 'table')} in the wrong place" if verdict.misplaced else result


def sum_up(verdicts: Sequence[Verdict]) -> str:
    """Give the one figure that is printed last."""
    whole = Verdict(sum(verdict.tests for verdict in verdicts))
    for verdict in verdicts:
        whole.allowed += verdict.allowed
        whole.unexpected += verdict.unexpected
        whole.misplaced += verdict.misplaced
    runs = f" in {len(verdicts)} runs" if len(verdicts) > 1 else ""
    return f"{count(whole.tests, 'test')}{runs}: {get_result(whole)}"


def count(number: int, noun: str) -> str:
    """Give "1 test" or "18,195 tests"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
