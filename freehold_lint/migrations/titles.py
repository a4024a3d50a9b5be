"""Every rule about migrations, with its title: one entry each in docs/lintmigrations.md."""

from __future__ import annotations

from freehold_lint import waivers
from freehold_lint.migrations import (
    blocking,
    column_types,
    data_dependent,
    destructive,
    incompatible,
    transaction_rules,
)

RULES = (
    *destructive.RULES,
    *incompatible.RULES,
    *data_dependent.RULES,
    *blocking.RULES,
    *column_types.RULES,
)
_LINEAGE = {
    "M501": "A migration was edited that the base has",
    "M502": "A migration is gone that the base has",
    "M503": "A migration stands before one that the base has",
}
JUDGING: dict[str, str] = {**{rule.id: rule.title for rule in RULES}, **transaction_rules.TITLES}
EXCEPTED: dict[str, str] = {**JUDGING, **_LINEAGE}  # rules that may have waivers and exceptions
TITLES: dict[str, str] = {**EXCEPTED, **waivers.TITLES}
# What more may be found with a base than without one: a waiver for it may seem to waive nothing.
BASED = ("M103", "M104", "M111", *_LINEAGE)
