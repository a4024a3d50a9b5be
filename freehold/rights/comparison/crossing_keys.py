"""Foreign keys that keep another owner from deleting its rows."""

from __future__ import annotations

from collections.abc import Iterator

from freehold.rights.drift import Comparison, Drift


def iter_key_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield keys with another ON DELETE than contracts let. They are for people to mend: CASCADE deletes rows.

    A table that the map moves takes its keys along as they are.
    """
    ownership = comparison.declared.ownership
    moved = {move.new for move in ownership.moves}
    for each in sorted(comparison.found.keys):
        if not each.is_let(ownership) and not moved & {each.target, each.root, each.about.rpartition(" (")[0]}:
            yield Drift("D041", each.about, each.found, each.describe_let(ownership), advice=each.advise(ownership))
