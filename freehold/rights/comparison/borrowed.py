"""Code of owners that services run with their own rights."""

from __future__ import annotations

from collections.abc import Iterator

from freehold.rights.drift import Comparison, Drift


def iter_borrowed_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield what of a table calls which function. It is for people to mend: with its owner's rights it may do less."""
    for each in comparison.found.borrowed:
        found = f"runs {each.function} with the rights of whoever uses it"
        yield Drift("D040", each.about, found, "its owner's rights", advice=each.advice)
