"""The project's map with the apps of the tests in it, roles that nobody else has, and tables that move."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from freehold.ownership import Contract, Move, Ownership, Schema, Service

TODAY = datetime.now(UTC).date()
LATER, PAST = TODAY + timedelta(days=60), TODAY - timedelta(days=1)


def make_map(*moves: Move) -> Ownership:
    """Give a map with three owners, of whom one is the migrator, and services that use two of them."""
    return Ownership(
        schemas=(
            Schema("auth", service="web", apps=("manor",), places=("auth", "contenttypes")),
            Schema("app", service="api", apps=("meadow",)),
            Schema("public", service="web", owner="migrator", apps=("freehold", "stray")),
        ),
        services=(
            Service("web", writes=("auth", "public")),
            Service("api", writes=("app",)),
            Service("audit", reads=("public",)),
            Service("guest"),
        ),
        contracts=(Contract("public", consumer="guest", read={"runs": ("id", "kind")}),),
        moves=moves,
        prefix="moving_",
    )


def move_runs(until: date | None = LATER, **options: tuple[str, ...]) -> Move:
    """Give the move of the first table."""
    return Move("public.runs", "app.runs", until=until, **options)


RUNS = make_map(move_runs(), Move("auth.gate", "app.door", until=LATER))
NONE = make_map()
ENDED = replace(RUNS, moves=tuple(replace(each, until=PAST) for each in RUNS.moves))
FINISHED = replace(
    RUNS,
    moves=tuple(replace(each, until=None) for each in RUNS.moves),
    contracts=(Contract("app", consumer="guest", read={"runs": ("id", "kind")}),),
)
