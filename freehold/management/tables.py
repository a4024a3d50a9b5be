"""Tables that commands print."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from freehold.seeds.status import GONE, UP, SeedStatus

_COLOURS = {UP: "green", GONE: "red"}


def build_seed_table(statuses: Iterable[SeedStatus]) -> Table:
    """Give a line for each seed."""
    table = Table("seed", "kind", "state", "since (UTC)", "rows there / declared", "source")
    for status in statuses:
        colour = _COLOURS.get(status.state, "dim")
        kept = f" ({status.kept:,} made by others)" if status.kept else ""
        table.add_row(
            status.name,
            status.kind,
            f"[{colour}]{status.state}[/]",
            f"{status.since:%Y-%m-%d %H:%M:%S}" if status.since else "",
            f"{status.present:,} / {status.declared:,}{kept}",
            {True: "changed", False: "unchanged", None: ""}[status.is_changed],
        )
    return table
