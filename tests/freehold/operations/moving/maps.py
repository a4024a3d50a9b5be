"""The project's map with the apps of the tests in it, roles that nobody else has, and tables that move."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from freehold.ownership import Contract, Move, Ownership, Schema, Service

TODAY = datetime.now(UTC).date()
COLUMNS = ("id", "kind", "note", "seen")
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
        contracts=(Contract("public", consumer="guest", read={"runs": COLUMNS}),),
        moves=moves,
        prefix="moving_",
    )


def move_runs(until: date | None = LATER, **options: tuple[str, ...]) -> Move:
    """Give the move of the first table."""
    return Move("public.runs", "app.runs", until=until, **options)


JOBS = Move("public.runs", "app.jobs")
DOOR = Move("auth.gate", "app.door", until=LATER)  # in each, so that the role that moves tables has the same owners
RUNS = make_map(move_runs(), DOOR, JOBS)
NONE = make_map()
SOON = make_map(move_runs(until=TODAY + timedelta(days=14)), DOOR, JOBS)
FAR = make_map(move_runs(until=TODAY + timedelta(days=15)), DOOR, JOBS)
TODAYS = make_map(move_runs(until=TODAY), DOOR, JOBS)
ENDED = make_map(move_runs(until=PAST), DOOR, JOBS)
UNNAMED = replace(
    make_map(move_runs(services=("web",)), DOOR, JOBS),
    schemas=tuple(replace(each, service=None) if each.name == "public" else each for each in RUNS.schemas),
    services=(Service("web", writes=("auth",)), *RUNS.services[1:]),
    prefix="moving_",
)
FINISHED = replace(
    make_map(move_runs(until=None), DOOR, JOBS),
    contracts=(Contract("app", consumer="guest", read={"runs": COLUMNS}),),
)
PARTS = replace(RUNS, contracts=(Contract("public", consumer="guest", read={"runs": ("id", "kind")}),))
WHOLE = replace(
    make_map(move_runs(), Move("public.steps", "app.steps", until=LATER), DOOR),
    schemas=(
        RUNS.schemas[0],
        replace(RUNS.schemas[1], apps=("meadow", "stray")),
        replace(RUNS.schemas[2], apps=("freehold",)),
    ),
)
WITHIN = replace(
    make_map(Move("app.runs", "app.jobs", until=LATER), Move("public.runs", "app.rows"), DOOR),
    schemas=(
        replace(RUNS.schemas[0], apps=()),
        replace(RUNS.schemas[1], apps=("meadow", "manor")),
        RUNS.schemas[2],
    ),
    contracts=(),
)
