"""Functions, triggers and rules, against what the history says that migrations left."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from freehold.history.structure import Difference, compare, get_kind, get_words
from freehold.rights.drift import Comparison, Drift

_OTHER = {"functions": "another body, signature or setting"}
_ADOPT = "manage.py history adopt {} --reason …"


def iter_structure_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield what stands otherwise than recorded, once the history has a record. No statement mends it: digests alone
    are kept."""
    if comparison.found.record is None:
        return
    schemas = comparison.declared.ownership.migrated_names
    for each in compare(comparison.found.record, comparison.found.marks, schemas):
        rule, found, declared = describe(each)
        yield Drift(rule, each.label, found, declared, advice=get_advice(each))


def describe(each: Difference) -> tuple[str, str, str]:
    """Give the id of what is amiss, what was found and what is recorded, in words."""
    if each.name is None:
        return "D035", f"{each.found} without a record", "a record of what migrations left"
    nothing = f"no such {get_kind(each.name)}"
    if not each.recorded:
        return "D034", get_words(each.found), nothing
    left = f"as {each.origin} left it"
    if not each.found:
        return "D033", nothing, f"{get_words(each.recorded)}, {left}"
    found, recorded = get_words(each.found), get_words(each.recorded)
    other = _OTHER.get(each.name[0], "another definition")
    return "D032", *((other, left) if found == recorded else (found, f"{recorded}, {left}"))


def get_advice(each: Difference) -> str:
    """Give the ways out."""
    adopt = _ADOPT.format(shlex.quote(each.name[1] if each.name else each.schema))
    if each.name is None:
        return f"Look at what stands there; {adopt} makes that the record"
    if not each.recorded:
        return f"Drop it by hand, or keep it: {adopt}"
    return f"Put it back by hand or by a migration, or keep what stands there: {adopt}"
